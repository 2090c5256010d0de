using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Labels with outlines, of which batches get masks.</summary>
internal sealed class MaskLabels(MaskOptions options) : TaskLabels
{
    /// <summary>
    /// The masks of a batch. With overlap [N, H, W], int16: at each pixel the number from 1 of the image's object on top, or 0. Otherwise
    /// [objects, H, W], uint8, 0 or 1.
    /// </summary>
    public const string Masks = "masks";

    /// <summary>The class of the object on top at each pixel, or -1: [N, H, W], int16.</summary>
    public const string Semantic = "semantic";

    /// <inheritdoc/>
    public override LabelRowKind Rows => LabelRowKind.Polygons;

    /// <summary>
    /// Adds the masks. With overlap the objects come out by the area of their masks, the largest first, so that the smallest lies on top;
    /// those whose mask has no pixel at this resolution come before them.
    /// </summary>
    internal override Instances Complete(Instances boxes, IReadOnlyList<PixelBox> objects, int height, int width)
    {
        using MaskScaler scaler = new(height, width, options.Ratio);
        MaskPatch[] patches = [.. objects.Select(item => item.Polygon is { } polygon ? scaler.Draw(polygon) : MaskPatch.Empty)];
        int[] order = [.. Enumerable.Range(0, patches.Length).OrderBy(i => patches[i].Area == 0 ? int.MinValue : -patches[i].Area)];
        int pixels = scaler.Height * scaler.Width;
        long[] shape = [scaler.Height, scaler.Width];
        short[] semantic = new short[pixels];
        Array.Fill(semantic, (short)-1);
        foreach (int i in order) patches[i].Paint(semantic, scaler.Width, (short)boxes.Classes[i]);
        TargetPart meaning = new(semantic, shape, PerObject: false);
        if (options.Overlap)
        {
            short[] index = new short[pixels];
            for (int i = 0; i < order.Length; i++) patches[order[i]].Paint(index, scaler.Width, (short)(i + 1));
            return boxes.Ordered(order) with { Parts = Parts(new TargetPart(index, shape, PerObject: false), meaning) };
        }
        byte[] masks = new byte[patches.Length * pixels];
        for (int i = 0; i < patches.Length; i++) patches[i].Paint(masks.AsSpan(i * pixels, pixels), scaler.Width, (byte)1);
        return boxes with { Parts = Parts(new TargetPart(masks, [patches.Length, .. shape], PerObject: true), meaning) };
    }

    private static Dictionary<string, TargetPart> Parts(TargetPart masks, TargetPart semantic) =>
        new() { [Masks] = masks, [Semantic] = semantic };
}
