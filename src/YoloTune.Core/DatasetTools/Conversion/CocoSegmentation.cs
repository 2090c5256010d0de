using System.Text.Json;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// The box around a COCO segmentation: polygons as lists of x and y, or a mask in run lengths, column by column, as numbers or in the text
/// form of the COCO tools (six bits a letter from '0' on, each length from the fourth on as the difference to the one two before it).
/// </summary>
internal static class CocoSegmentation
{
    private const int SmallestPolygon = 6;
    private const long LargestMask = 1L << 28;

    /// <summary>x, y, width and height in pixels; null when there is no segmentation or it encloses nothing.</summary>
    public static double[]? Box(JsonElement? segmentation) => segmentation switch
    {
        { ValueKind: JsonValueKind.Array } list => OfPolygons(list),
        { ValueKind: JsonValueKind.Object } mask => OfMask(mask),
        _ => null,
    };

    /// <summary>
    /// The outline as x, y pairs in pixels: several polygons, or the parts of a mask, are joined to one line. Null when there is none.
    /// </summary>
    public static double[]? Outline(JsonElement? segmentation) => segmentation switch
    {
        { ValueKind: JsonValueKind.Array } list => OutlineJoin.Of(Polygons(list)),
        { ValueKind: JsonValueKind.Object } mask => OutlineOfMask(mask),
        _ => null,
    };

    private static List<double[]> Polygons(JsonElement list)
    {
        bool isFlat = list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.Number;
        List<double[]> polygons = [];
        foreach (JsonElement polygon in isFlat ? [list] : list.EnumerateArray().AsEnumerable())
        {
            if (polygon.ValueKind != JsonValueKind.Array) continue;
            double[] values = [.. polygon.EnumerateArray().Select(value => JsonFile.Number(value) ?? double.NaN)];
            if (values.Length >= SmallestPolygon && values.Length % 2 == 0 && values.All(double.IsFinite)) polygons.Add(values);
        }
        return polygons;
    }

    private static double[]? OutlineOfMask(JsonElement mask)
    {
        if (Counts(mask) is not var (counts, height, width) || (long)height * width > LargestMask) return null;
        try
        {
            MaskPatch pixels = RunLengths.Fill(counts, height, width);
            // The middle of a pixel: an outline of whole pixels lies half a pixel inside of the mask's edge.
            double[] points = [.. MaskPolygon.Of(pixels).SelectMany(point => new[] { point.X + 0.5, point.Y + 0.5 })];
            return points.Length >= SmallestPolygon ? points : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static (IReadOnlyList<long> Counts, int Height, int Width)? Counts(JsonElement mask)
    {
        if (JsonFile.Get(mask, "size") is not { ValueKind: JsonValueKind.Array } size || size.GetArrayLength() != 2
            || JsonFile.Number(size[0]) is not (>= 1 and <= int.MaxValue and double height)
            || JsonFile.Number(size[1]) is not (>= 1 and <= int.MaxValue and double width)) return null;
        List<long>? counts = JsonFile.Get(mask, "counts") switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(value => (long)(JsonFile.Number(value) ?? -1))],
            { ValueKind: JsonValueKind.String } text => Decode(text.GetString()!),
            _ => null,
        };
        return counts is null ? null : (counts, (int)height, (int)width);
    }

    private static double[]? OfPolygons(JsonElement list)
    {
        List<double> xs = [], ys = [];
        // One polygon may stand without the list around it.
        bool isFlat = list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.Number;
        foreach (JsonElement polygon in isFlat ? [list] : list.EnumerateArray().AsEnumerable())
        {
            if (polygon.ValueKind != JsonValueKind.Array) continue;
            int i = 0;
            foreach (JsonElement value in polygon.EnumerateArray())
            {
                if (JsonFile.Number(value) is not { } number || !double.IsFinite(number)) return null;
                (i++ % 2 == 0 ? xs : ys).Add(number);
            }
            if (i % 2 != 0) return null;
        }
        return xs.Count < 2 ? null : [xs.Min(), ys.Min(), xs.Max() - xs.Min(), ys.Max() - ys.Min()];
    }

    private static double[]? OfMask(JsonElement mask)
    {
        if (JsonFile.Get(mask, "size") is not { ValueKind: JsonValueKind.Array } size || size.GetArrayLength() != 2
            || JsonFile.Number(size[0]) is not (>= 1 and <= int.MaxValue and double height)) return null;
        List<long>? counts = JsonFile.Get(mask, "counts") switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(value => (long)(JsonFile.Number(value) ?? -1))],
            { ValueKind: JsonValueKind.String } text => Decode(text.GetString()!),
            _ => null,
        };
        if (counts is null || counts.Any(count => count is < 0 or > int.MaxValue)) return null;
        long rows = (long)height, position = 0;
        (long left, long top, long right, long bottom) = (long.MaxValue, long.MaxValue, -1, -1);
        for (int i = 0; i < counts.Count; position += counts[i++])
        {
            if (i % 2 == 0 || counts[i] == 0) continue;
            long last = position + counts[i] - 1;
            (left, right) = (Math.Min(left, position / rows), Math.Max(right, last / rows));
            bool isOneColumn = position / rows == last / rows;
            top = Math.Min(top, isOneColumn ? position % rows : 0);
            bottom = Math.Max(bottom, isOneColumn ? last % rows : rows - 1);
        }
        return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
    }

    private static List<long>? Decode(string text)
    {
        List<long> counts = [];
        for (int i = 0; i < text.Length;)
        {
            long value = 0;
            int shift = 0, bits;
            do
            {
                if (i == text.Length || shift > 30) return null;
                bits = text[i++] - '0';
                if (bits is < 0 or > 63) return null;
                value |= (long)(bits & 31) << shift;
                shift += 5;
            }
            while ((bits & 32) != 0);
            if ((bits & 16) != 0) value |= -1L << shift;
            counts.Add(counts.Count > 2 ? value + counts[^2] : value);
        }
        return counts;
    }
}
