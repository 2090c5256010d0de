using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Networks;
using YoloTune.Prediction;
using YoloTune.Tasks.Segmentation;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Segmentation;

/// <summary>Whole predictions and measurements of the trained tiny models.</summary>
public sealed class TinyModelTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("classic.00.normal")]
    [InlineData("classic.20.normal")]
    [InlineData("classic.big.normal")]
    [InlineData("classic.00.retina")]
    [InlineData("classic.20.retina")]
    [InlineData("classic.big.retina")]
    [InlineData("26.00.normal")]
    [InlineData("26.20.normal")]
    [InlineData("26.big.normal")]
    [InlineData("26.00.retina")]
    [InlineData("26.20.retina")]
    [InlineData("26.big.retina")]
    public void Predictions_equal_the_golden(string key)
    {
        using JsonDocument document = SegmentGolden.Json("tiny_predict_val.json");
        var golden = SegmentGolden.Tensors("tiny_predict_val.safetensors");
        JsonElement item = document.RootElement.GetProperty("cases")
            .EnumerateArray().Single(item => item.GetProperty("key").GetString() == key);
        using TestFiles files = new();
        string path = Save(files, item.GetProperty("image").GetString()!, golden);
        using YoloNetwork network = Trained(item.GetProperty("model").GetString()!);
        JsonElement options = item.GetProperty("options");
        using Predictor predictor = new(network, TinyModel.Classes, new()
        {
            ImageSize = options.GetProperty("imgsz").GetInt32(),
            Confidence = options.GetProperty("conf").GetDouble(),
            IoU = options.GetProperty("iou").GetDouble(),
            RetinaMasks = item.GetProperty("retina_masks").GetBoolean(),
            Fuse = false,
        });
        ImagePrediction found = Assert.Single(predictor.Predict([path]));
        float[][] rows = [.. item.GetProperty("boxes_xyxy_conf_cls").EnumerateArray().Select(row => row.Floats())];
        Assert.Equal(rows.Length, found.Detections.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            YoloDetection d = found.Detections[i];
            Pixels.Near(rows[i][..4], [(float)d.X1, (float)d.Y1, (float)d.X2, (float)d.Y2], 1e-3); // README
            Assert.Equal(rows[i][4], d.Confidence, 1e-4);
            Assert.Equal((int)rows[i][5], d.ClassId);
            torch.Tensor mask = golden[key + ".masks"][i];
            byte[] expected = Pixels.Bytes(mask.contiguous());
            int width = (int)mask.shape[1];
            int differ = Enumerable.Range(0, expected.Length).Count(k => expected[k] != d.Mask!.Pixels.At(k % width, k / width));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {i}: {differ} of {expected.Length} pixels differ"));
            Assert.InRange(differ, 0, (int)(0.001 * expected.Length)); // README
        }
        string[] text = [.. item.GetProperty("text").EnumerateArray().Select(row => row.GetString()!)];
        string[] lines = File.Exists(SaveText(predictor, found, files)) ? File.ReadAllLines(files.PathOf("rows.txt")) : [];
        Assert.Equal(text.Select(row => row[..row.LastIndexOf(' ')]), lines);
    }

    public static TheoryData<string, bool, int, bool> Measurements => new()
    {
        { "classic", true, 4, false }, { "classic", false, 4, false }, { "classic", true, 1, false }, { "classic", true, 4, true },
        { "26", true, 4, false }, { "26", false, 4, false }, { "26", true, 1, false }, { "26", true, 4, true },
    };

    [SkippableTheory]
    [MemberData(nameof(Measurements))]
    public void Metrics_equal_the_golden(string model, bool overlap, int ratio, bool single)
    {
        using JsonDocument document = SegmentGolden.Json("tiny_predict_val.json");
        JsonElement golden = document.RootElement.GetProperty("validation").EnumerateArray().Single(run =>
        {
            JsonElement options = run.GetProperty("options");
            return run.GetProperty("model").GetString() == model
                && options.TryGetProperty("overlap_mask", out _) == !overlap && options.TryGetProperty("mask_ratio", out _) == (ratio == 1)
                && options.TryGetProperty("single_cls", out _) == single && !options.TryGetProperty("save_txt", out _);
        });
        using TestFiles files = new();
        string yaml = Dataset(files, document);
        using YoloNetwork network = Trained(model);
        ImageDataset dataset = ImageDataset.Load(DatasetDescription.Load(yaml), "val", new()
        {
            Labels = new MaskLabels(new MaskOptions(overlap, ratio)), SingleClass = single,
        });
        ValidationBatches batches = new(dataset, new() { ImageSize = 96, BatchSize = 4, Workers = 1 });
        YoloMetrics found = new Validator(TinyModel.Classes, new() { Fuse = false, SingleClass = single }).Run(network, batches.Read());
        JsonElement expected = golden.GetProperty("results");
        foreach ((string name, double value) in found.Measures)
        {
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name}: {value:f5}, golden {expected.GetProperty(name).GetDouble():f5}"));
            Assert.Equal(expected.GetProperty(name).GetDouble(), value, 2e-3); // README
        }
        Assert.Equal(8, found.Measures.Count);
        Assert.Equal(expected.GetProperty("fitness").GetDouble(), found.Fitness!.Value, 4e-3);
    }

    [SkippableFact]
    public void Measures_in_bfloat16_are_near_those_in_float32()
    {
        using JsonDocument document = SegmentGolden.Json("tiny_predict_val.json");
        using TestFiles files = new();
        using YoloNetwork network = Trained("classic");
        ImageDataset dataset = ImageDataset.Load(
            DatasetDescription.Load(Dataset(files, document)), "val", new() { Labels = new MaskLabels(new MaskOptions()) });
        ValidationBatches batches = new(dataset, new() { ImageSize = 96, BatchSize = 4, Workers = 1 });
        YoloMetrics Measure(Precision precision) => new Validator(TinyModel.Classes, new() { Precision = precision }).Run(network, batches.Read());
        YoloMetrics half = Measure(Precision.BFloat16), full = Measure(Precision.Float32);
        Assert.NotEqual(full.Measures, half.Measures);
        foreach ((string name, double value) in full.Measures)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:f4}, bfloat16 {half.Measures[name]:f4}"));
            // Twelve images: one object more or less moves precision and recall at the best confidence by hundredths.
            double tolerance = name.Contains("mAP", StringComparison.Ordinal) ? 0.03 : 0.06;
            Assert.InRange(half.Measures[name], value - tolerance, value + tolerance);
        }
    }

    private static YoloNetwork Trained(string model)
    {
        YoloNetwork network = TinyModel.Create(model, model == "26" ? "tiny26_trained.safetensors" : "tiny_trained.safetensors");
        network.eval();
        return network;
    }

    private static string SaveText(Predictor predictor, ImagePrediction found, TestFiles files)
    {
        string path = files.PathOf("rows.txt");
        predictor.SaveText(found, path);
        return path;
    }

    private static string Dataset(TestFiles files, JsonDocument document)
    {
        foreach (JsonElement image in document.RootElement.GetProperty("images").EnumerateArray())
        {
            string name = image.GetProperty("image").GetString()!;
            Save(files, name, null, "images/val/" + name + ".png");
            string[] rows = [.. image.GetProperty("label_rows").EnumerateArray()
                .Select(row => string.Join(' ', row.EnumerateArray().Select(value => value.GetRawText())))];
            if (rows.Length > 0) files.Text("labels/val/" + name + ".txt", string.Join('\n', rows));
        }
        return files.Text("data.yaml", "train: images/val\nval: images/val\nnames: [round, square, triangle]\n");
    }

    // "bi" is picture i of batch b of the trajectory.
    private static string Save(TestFiles files, string name, IReadOnlyDictionary<string, torch.Tensor>? golden, string? path = null)
    {
        torch.Tensor bgr = name == "big"
            ? golden!["big_150x110.bgr"]
            : SegmentGolden.Tensors("trajectory/batches.safetensors")[$"{name[0]}.img"][int.Parse(name[1..], CultureInfo.InvariantCulture)]
                .flip(0).permute(1, 2, 0).contiguous();
        using ImageBuffer image = Pixels.Image(bgr);
        string file = files.PathOf(path ?? name + ".png");
        ImageEncoder.Save(image, file);
        return file;
    }
}
