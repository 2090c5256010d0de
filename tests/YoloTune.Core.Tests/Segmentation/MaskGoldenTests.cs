using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Prediction;
using YoloTune.Tasks.Segmentation;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Segmentation;

public sealed class MaskGoldenTests(ITestOutputHelper output)
{
    private const double DifferingPixels = 0.001; // README

    [SkippableTheory]
    [InlineData("few")]
    [InlineData("few_letterboxed")]
    [InlineData("many")]
    public void Masks_of_prototypes_equal_the_golden(string name)
    {
        using JsonDocument document = SegmentGolden.Json("process_mask.json");
        var golden = SegmentGolden.Tensors("process_mask.safetensors");
        JsonElement item = document.RootElement.GetProperty("cases").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        int[] network = item.GetProperty("network_hw").Ints();
        float[] coefficients = [.. golden[name + ".coefficients"].data<float>()],
            boxes = [.. golden[name + ".boxes_network_px"].data<float>()];
        MaskProjector projector = new(golden[name + ".protos"]);
        int n = item.GetProperty("n").GetInt32(), k = coefficients.Length / n;
        bool[] kept = [.. item.GetProperty("kept_nonempty_upsampled").EnumerateArray().Select(value => value.GetBoolean())];
        int low = 0, enlarged = 0, native = 0;
        int[] original = item.GetProperty("original_hw").Ints();
        float[] inImage = [.. golden[name + ".boxes_original_px"].data<float>()];
        float scaleX = projector.Width / (float)network[1], scaleY = projector.Height / (float)network[0];
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<float> own = coefficients.AsSpan(i * k, k), box = boxes.AsSpan(4 * i, 4);
            float[] inPrototypes = [box[0] * scaleX, box[1] * scaleY, box[2] * scaleX, box[3] * scaleY];
            low += Differences(golden[name + ".low"][i], projector.Low(own, inPrototypes, n));
            MaskPatch large = projector.Enlarged(own, inPrototypes, n, network[0], network[1]);
            enlarged += Differences(golden[name + ".upsampled"][i], large);
            Assert.Equal(kept[i], large.Area > 0);
            // The golden has the pixels of a few, and the areas of all.
            MaskPatch fine = projector.Native(own, inImage.AsSpan(4 * i, 4), n, original[0], original[1]);
            if (golden.TryGetValue(name + ".native_original", out torch.Tensor? natives)) native += Differences(natives[i], fine);
            Assert.Equal(item.GetProperty("sums").GetProperty("native")[i].GetInt32(), fine.Area);
        }
        output.WriteLine(
            $"{name}: {low} of {n * projector.Height * projector.Width} and {enlarged} of {n * network[0] * network[1]} pixels differ");
        Assert.InRange(low, 0, (int)(DifferingPixels * n * projector.Height * projector.Width));
        Assert.InRange(native, 0, (int)(DifferingPixels * n * original[0] * original[1]));
        Assert.InRange(enlarged, 0, (int)(DifferingPixels * n * network[0] * network[1]));
    }

    [SkippableFact]
    public void Outlines_and_rows_equal_the_golden()
    {
        using JsonDocument document = SegmentGolden.Json("process_mask.json");
        JsonElement golden = document.RootElement.GetProperty("polygons");
        MaskPatch[] masks = Masks();
        int[] size = golden.GetProperty("mask_hw").Ints(), original = golden.GetProperty("original_hw").Ints();
        MaskFrame frame = new(size[0], size[1], original[0], original[1]);
        JsonElement[] contours = [.. golden.GetProperty("external_contours").EnumerateArray()];
        JsonElement[] merged = [.. golden.GetProperty("all_merged").EnumerateArray()],
            scaled = [.. golden.GetProperty("xy_original").EnumerateArray()];
        for (int i = 0; i < masks.Length; i++)
        {
            List<(int X, int Y)[]> found = MaskContours.Find(masks[i]);
            // The golden lists them as they are found; merging takes them from the last to the first.
            Assert.Equal(
                contours[i].EnumerateArray().Select(SegmentGolden.Points),
                found.Select(contour => contour.SelectMany(point => new float[] { point.X, point.Y }).ToArray()));
            Assert.Equal(
                SegmentGolden.Points(merged[i]),
                MaskPolygon.Of(masks[i]).SelectMany(point => new float[] { point.X, point.Y }));
            Assert.Equal(
                SegmentGolden.Points(scaled[i]),
                new YoloMask(masks[i], frame).Polygon.SelectMany(point => new[] { (float)point.X, (float)point.Y }));
        }
    }

    [SkippableFact]
    public void Run_lengths_equal_the_golden_and_come_back()
    {
        using JsonDocument document = SegmentGolden.Json("rle_drawing.json");
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];
        MaskPatch full = new(0, 0, 9, 6, [.. Enumerable.Repeat((byte)1, 54)], 54);
        MaskPatch[] masks = [.. Masks(), full, MaskPatch.Empty];
        Assert.Equal(rows.Length, masks.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            JsonElement golden = rows[i].GetProperty("segmentation");
            int[] size = golden.GetProperty("size").Ints();
            string text = golden.GetProperty("counts").GetString()!;
            long[] runs = RunLengths.Count(masks[i], size[0], size[1]);
            Assert.Equal(text, RunLengths.Write(runs));
            Assert.Equal(runs, RunLengths.Read(text));
            MaskPatch back = RunLengths.Fill(runs, size[0], size[1]);
            Assert.Equal(masks[i].Area, back.Area);
        }
        Assert.Throws<FormatException>(() => RunLengths.Read("e7?i\u0001"));
        Assert.Throws<FormatException>(() => RunLengths.Fill([1, 2], 2, 2));
    }

    [SkippableTheory]
    [InlineData("all")]
    [InlineData("two")]
    public void Pictures_with_masks_equal_the_golden(string name)
    {
        using JsonDocument document = SegmentGolden.Json("rle_drawing.json");
        var golden = SegmentGolden.Tensors("drawing.safetensors");
        JsonElement drawing = document.RootElement.GetProperty("drawing");
        int[] classes = drawing.GetProperty("classes").Ints();
        int[] chosen = name == "two" ? drawing.GetProperty("selected_two").Ints() : [.. Enumerable.Range(0, classes.Length)];
        MaskPatch[] masks = Masks();
        byte[] source = Pixels.Bytes(golden["image"]), expected = Pixels.Bytes(golden[name]);
        int height = (int)golden["image"].shape[0], width = (int)golden["image"].shape[1];
        MaskFrame frame = new(40, 48, height, width);
        using SKBitmap picture = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < height * width; i++)
            picture.SetPixel(i % width, i / width, new SKColor(source[3 * i + 2], source[3 * i + 1], source[3 * i]));
        MaskBlend.Apply(picture, [.. chosen.Select(i =>
        {
            int[] bgr = drawing.GetProperty("colours_bgr").GetProperty(classes[i].ToString(CultureInfo.InvariantCulture)).Ints();
            return new DrawnMask(frame.ToImage(masks[i]), new SKColor((byte)bgr[2], (byte)bgr[1], (byte)bgr[0]));
        })]);
        bool[] open = Undecided(chosen, frame, height, width);
        int beyond = 0, unsure = 0;
        for (int i = 0; i < height * width; i++)
        {
            SKColor colour = picture.GetPixel(i % width, i / width);
            if (Math.Abs(colour.Blue - expected[3 * i]) > 1
                || Math.Abs(colour.Green - expected[3 * i + 1]) > 1 || Math.Abs(colour.Red - expected[3 * i + 2]) > 1)
                _ = open[i] ? unsure++ : beyond++;
        }
        output.WriteLine($"{name}: {beyond} pixels differ by more than a level, and {unsure} where the mask is exactly 0.5");
        Assert.Equal(0, beyond); // README: within a level, except where the interpolated mask is exactly 0.5
    }

    // Where a mask brought to the picture's size is 0.5, rounding decides.
    private static bool[] Undecided(int[] chosen, MaskFrame frame, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        // 80 x 110 in 40 x 48: the gain is 48 / 110, and 35 of 40 rows remain.
        int rows = (int)Math.Round(height * frame.Gain), top = (int)Math.Round((frame.Rows - rows) / 2.0 - 0.1);
        torch.Tensor masks = SegmentGolden.Tensors("process_mask.safetensors")["polygon.masks"].to(torch.float64).narrow(1, top, rows);
        torch.Tensor large = torch.nn.functional.interpolate(
            masks.unsqueeze(0), size: [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false)[0];
        torch.Tensor half = (large.index_select(0, torch.tensor(chosen)) - 0.5).abs() < 1e-6;
        return [.. half.any(0).reshape(-1).data<bool>()];
    }

    [SkippableFact]
    public void Matching_and_metrics_equal_the_golden()
    {
        using JsonDocument document = SegmentGolden.Json("mask_matching.json");
        var golden = SegmentGolden.Tensors("mask_matching.safetensors");
        string[] names = ["a", "b", "c"];
        PrecisionAccumulator boxes = new(names), masks = new(names);
        for (int image = 0; image < document.RootElement.GetProperty("images").GetArrayLength(); image++)
        {
            float[] Values(string key) => [.. SegmentGolden.Values(golden[$"{image}.{key}"]).Select(value => (float)value)];
            float[] predicted = Values("pred_boxes"), confidence = Values("pred_conf"), ids = Values("pred_cls");
            // The reference sorts by confidence before it averages; ours are given best first.
            int[] order = [.. Enumerable.Range(0, ids.Length).OrderByDescending(i => confidence[i])];
            Detections detections = new(
                [.. order.SelectMany(i => (float[])[.. predicted.AsSpan(4 * i, 4), confidence[i], ids[i]])], order);
            int[] classes = [.. Values("gt_cls").Select(id => (int)id)];
            torch.Tensor index = golden[$"{image}.gt_index_mask"].to(torch.int16).unsqueeze(0);
            LabelMasks truth = new(new()
            {
                ImageIndex = torch.zeros(classes.Length), Classes = torch.zeros(classes.Length), Boxes = torch.zeros(classes.Length, 4),
                Parts = new Dictionary<string, torch.Tensor> { [MaskLabels.Masks] = index },
            }, 24, 32);
            MaskPatch[] patches = [.. order.Select(i => Patch(golden[$"{image}.pred_masks"][i]))];
            float[] overlaps = truth.Overlaps(0, 0, classes.Length, patches);
            torch.Tensor iou = golden[$"{image}.mask_iou"];
            for (int l = 0; l < classes.Length; l++)
            {
                for (int d = 0; d < order.Length; d++)
                    Assert.Equal(iou[l, order[d]].ToDouble(), overlaps[l * order.Length + d], 1e-6);
            }
            ushort[] byMask = DetectionMatcher.MatchOverlaps(overlaps, classes, detections);
            ushort[] byBox = DetectionMatcher.Match(Values("gt_boxes_xyxy"), classes, detections);
            for (int d = 0; d < order.Length; d++)
            {
                Assert.Equal(Bits(golden[$"{image}.tp_mask"][order[d]]), byMask[d]);
                Assert.Equal(Bits(golden[$"{image}.tp_box"][order[d]]), byBox[d]);
            }
            boxes.Add(byBox, classes, detections);
            masks.Add(byMask, classes, detections);
        }
        Dictionary<string, double> measures = new(
            boxes.ToSet()!.Measures(MeasureColumns.Box).Concat(masks.ToSet()!.Measures(MeasureColumns.Mask)));
        JsonElement expected = document.RootElement.GetProperty("results_dict");
        foreach ((string key, double value) in measures) Assert.Equal(expected.GetProperty(key).GetDouble(), value, 1e-6);
        Assert.Equal(expected.GetProperty("fitness").GetDouble(), MeasureColumns.Fitness(measures)!.Value, 1e-6);

        static int Bits(torch.Tensor row) => Enumerable.Range(0, (int)row.shape[0]).Sum(t => row[t].ToBoolean() ? 1 << t : 0);
    }

    private static MaskPatch[] Masks()
    {
        torch.Tensor masks = SegmentGolden.Tensors("process_mask.safetensors")["polygon.masks"];
        return [.. Enumerable.Range(0, (int)masks.shape[0]).Select(i => Patch(masks[i]))];
    }

    private static MaskPatch Patch(torch.Tensor mask)
    {
        byte[] pixels = Pixels.Bytes(mask.contiguous());
        return new(0, 0, (int)mask.shape[1], (int)mask.shape[0], pixels, pixels.Count(value => value != 0));
    }

    private static int Differences(torch.Tensor expected, MaskPatch actual)
    {
        byte[] pixels = Pixels.Bytes(expected.contiguous());
        int width = (int)expected.shape[1];
        return Enumerable.Range(0, pixels.Length).Count(i => pixels[i] != actual.At(i % width, i / width));
    }
}
