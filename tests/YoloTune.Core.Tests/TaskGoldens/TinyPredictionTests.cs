using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Networks;
using YoloTune.Prediction;
using YoloTune.Tasks;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Pose;
using YoloTune.Tests.Data;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>Predictions and measurements of the goldens' trained tiny models.</summary>
public sealed class TinyPredictionTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("pose")]
    [InlineData("obb")]
    public void Predictions_on_images_equal_the_golden(string task)
    {
        using Tiny tiny = new(task);
        foreach (JsonElement golden in tiny.Root.GetProperty("cases").EnumerateArray())
        {
            string key = golden.GetProperty("key").GetString()!;
            JsonElement options = golden.GetProperty("options");
            string file = tiny.Image(golden.GetProperty("image").GetString()!);
            using YoloNetwork network = tiny.Network(golden.GetProperty("model").GetString()!);
            using Predictor predictor = new(network, tiny.Names, new PredictionOptions
            {
                ImageSize = options.GetProperty("imgsz").GetInt32(),
                Confidence = options.GetProperty("conf").GetDouble(),
                IoU = options.GetProperty("iou").GetDouble(),
            });
            ImagePrediction found = Assert.Single(predictor.Predict([file]));
            string[] text = [.. golden.GetProperty("text_with_conf").EnumerateArray().Select(line => line.GetString()!)];
            Assert.Equal(text.Length, found.Detections.Count);
            if (task == "pose") ComparePoses(golden, found, key);
            else CompareBoxes(golden, found, key);
            string[] lines = (task == "pose" ? PosePredictor.Format(found, true) : ObbPredictor.Format(found, true))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach ((string expected, string actual) in text.Zip(lines))
            {
                string[] wanted = expected.Split(' '), fields = actual.Split(' ');
                Assert.Equal(wanted.Length, fields.Length);
                // A pixel in a thousand over the smallest side.
                for (int i = 0; i < wanted.Length; i++)
                    Assert.Equal(double.Parse(wanted[i], Invariant), double.Parse(fields[i], Invariant), 1.2e-4);
            }
        }
    }

    [SkippableTheory]
    [InlineData("pose")]
    [InlineData("obb")]
    public void Measurements_with_every_set_of_options_equal_the_golden(string task)
    {
        using Tiny tiny = new(task);
        DatasetDescription description = tiny.Dataset();
        foreach (JsonElement golden in tiny.Root.GetProperty("validation").EnumerateArray())
        {
            JsonElement asked = golden.GetProperty("options");
            using YoloNetwork network = tiny.Network(golden.GetProperty("model").GetString()!);
            EvaluationOptions options = new()
            {
                ImageSize = asked.GetProperty("imgsz").GetInt32(),
                BatchSize = asked.GetProperty("batch").GetInt32(),
                Rectangular = !asked.TryGetProperty("rect", out JsonElement rect) || rect.GetBoolean(),
                SingleClass = asked.TryGetProperty("single_cls", out JsonElement single) && single.GetBoolean(),
                Confidence = asked.TryGetProperty("conf", out JsonElement conf) ? conf.GetDouble() : NmsOptions.EvaluationConfidence,
                IoU = asked.TryGetProperty("iou", out JsonElement iou) ? iou.GetDouble() : NmsOptions.DefaultIoU,
            };
            ImageDataset dataset = ImageDataset.Load(description, "val", new DatasetOptions
            {
                Labels = ((YoloTask)network.Plan.Task).LabelsFor(description, new()), SingleClass = options.SingleClass,
            });
            ValidationBatches batches = new(dataset, new ValidationBatchOptions
            {
                ImageSize = options.ImageSize!.Value, BatchSize = options.BatchSize, Rect = options.Rectangular,
            });
            YoloMetrics metrics = new Validator(tiny.Names, options).Run(network, batches.Read());
            JsonElement results = golden.GetProperty("results");
            double worst = 0;
            foreach ((string name, double value) in metrics.Measures)
            {
                double expected = results.GetProperty(name).GetDouble();
                worst = Math.Max(worst, Math.Abs(expected - value));
                Assert.True(Math.Abs(expected - value) <= 2e-3,
                    $"{golden.GetProperty("model")} {asked}: {name} is {value}, not {expected}"); // README
            }
            Assert.Equal(task == "pose" ? 8 : 4, metrics.Measures.Count);
            Assert.Equal(results.GetProperty("fitness").GetDouble(), metrics.Fitness!.Value, 4e-3);
            output.WriteLine(FormattableString.Invariant($"{task} {golden.GetProperty("model")} {asked}: {worst:g3}"));
        }
    }

    [SkippableTheory]
    [InlineData("pose")]
    [InlineData("obb")]
    public void Measures_in_bfloat16_are_near_those_in_float32(string task)
    {
        using Tiny tiny = new(task);
        DatasetDescription description = tiny.Dataset();
        using YoloNetwork network = tiny.Network("classic");
        ImageDataset dataset = ImageDataset.Load(
            description, "val", new DatasetOptions { Labels = ((YoloTask)network.Plan.Task).LabelsFor(description, new()) });
        ValidationBatches batches = new(dataset, new ValidationBatchOptions { ImageSize = 96, BatchSize = 4 });
        YoloMetrics Measure(Precision precision) => new Validator(tiny.Names, new() { Precision = precision }).Run(network, batches.Read());
        YoloMetrics half = Measure(Precision.BFloat16), full = Measure(Precision.Float32);
        Assert.Equal(full.Measures.Keys, half.Measures.Keys);
        Assert.NotEqual(full.Measures, half.Measures);
        foreach ((string name, double value) in full.Measures)
        {
            output.WriteLine(FormattableString.Invariant($"{name}: {value:f4}, bfloat16 {half.Measures[name]:f4}"));
            // Twelve images: one object more or less moves precision and recall at the best confidence by hundredths.
            double tolerance = name.Contains("mAP", StringComparison.Ordinal) ? 0.03 : 0.06;
            Assert.InRange(half.Measures[name], value - tolerance, value + tolerance);
        }
    }

    [SkippableFact]
    public void Keypoints_scale_back_as_the_golden()
    {
        using JsonDocument document = Shared.Json("reference/tasks/pose/goldens/scale_back.json");
        JsonElement points = document.RootElement.GetProperty("points");
        int compared = 0;
        foreach (JsonElement golden in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (golden.TryGetProperty("ratio_pad", out JsonElement pad) && pad.ValueKind != JsonValueKind.Null) continue;
            float[] values = Golden.Floats(points);
            int[] network = [.. golden.GetProperty("network_hw").EnumerateArray().Select(item => item.GetInt32())];
            int[] original = [.. golden.GetProperty("original_hw").EnumerateArray().Select(item => item.GetInt32())];
            PosePredictor.ToOriginal(values, 3, network[0], network[1], original[0], original[1]);
            float[] expected = Golden.Floats(golden.GetProperty("output"));
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], values[i], 1e-4f); // README
            compared++;
        }
        Assert.True(compared >= 3);
    }

    [SkippableFact]
    public void Oriented_boxes_scale_back_as_the_golden()
    {
        using JsonDocument document = Shared.Json("reference/tasks/obb/goldens/decode.json");
        JsonElement golden = document.RootElement.GetProperty("scale_back");
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            if (item.TryGetProperty("ratio_pad", out JsonElement pad) && pad.ValueKind != JsonValueKind.Null) continue;
            int[] network = [.. item.GetProperty("network_hw").EnumerateArray().Select(side => side.GetInt32())];
            int[] original = [.. item.GetProperty("original_hw").EnumerateArray().Select(side => side.GetInt32())];
            foreach ((JsonElement given, JsonElement expected) in golden.GetProperty("boxes").EnumerateArray()
                .Zip(item.GetProperty("output").EnumerateArray()))
            {
                float[] b = Golden.Floats(given), wanted = Golden.Floats(expected);
                OrientedBox box = ObbPredictor.ToOriginal(
                    new(b[0], b[1], b[2], b[3], b[4]), network[0], network[1], original[0], original[1]);
                float[] actual = [box.X, box.Y, box.Width, box.Height, box.Angle];
                for (int i = 0; i < 5; i++) Assert.Equal(wanted[i], actual[i], 1e-4f); // README
            }
        }
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static void ComparePoses(JsonElement golden, ImagePrediction found, string key)
    {
        JsonElement boxes = golden.GetProperty("boxes_xyxy_conf_cls"), keypoints = golden.GetProperty("keypoints");
        for (int d = 0; d < found.Detections.Count; d++)
        {
            YoloDetection own = found.Detections[d];
            float[] box = Golden.Floats(boxes[d]), points = Golden.Floats(keypoints[d]);
            double[] actual = [own.X1, own.Y1, own.X2, own.Y2];
            // README: boxes and points 1e-3 pixels, scores 1e-4.
            for (int i = 0; i < 4; i++) Assert.True(Math.Abs(box[i] - actual[i]) <= 1e-3, $"{key}: {actual[i]}, not {box[i]}");
            Assert.Equal(box[4], own.Confidence, 1e-4);
            Assert.Equal((int)box[5], own.ClassId);
            for (int k = 0; k < own.Keypoints!.Count; k++)
            {
                Assert.Equal(points[3 * k], own.Keypoints[k].X, 1e-3);
                Assert.Equal(points[(3 * k) + 1], own.Keypoints[k].Y, 1e-3);
                Assert.Equal(points[(3 * k) + 2], own.Keypoints[k].Confidence!.Value, 1e-4);
            }
        }
    }

    private static void CompareBoxes(JsonElement golden, ImagePrediction found, string key)
    {
        for (int d = 0; d < found.Detections.Count; d++)
        {
            YoloDetection own = found.Detections[d];
            float[] row = Golden.Floats(golden.GetProperty("obb_xywhr_conf_cls")[d]),
                corners = Golden.Floats(golden.GetProperty("corners")[d]);
            float[] straight = Golden.Floats(golden.GetProperty("straight_boxes")[d]);
            double[] actual = [.. own.Corners!.SelectMany(corner => new[] { corner.X, corner.Y })];
            // README: boxes 1e-3 pixels, scores 1e-4.
            for (int i = 0; i < 8; i++) Assert.True(Math.Abs(corners[i] - actual[i]) <= 1e-3, $"{key}: {actual[i]}, not {corners[i]}");
            double[] upright = [own.X1, own.Y1, own.X2, own.Y2];
            for (int i = 0; i < 4; i++) Assert.Equal(straight[i], upright[i], 1e-3);
            Assert.InRange(own.Angle!.Value, -Math.PI / 4, 3 * Math.PI / 4);
            Assert.Equal(0, Math.IEEERemainder(row[4] - own.Angle.Value, Math.PI), 1e-3);
            Assert.Equal(row[5], own.Confidence, 1e-4);
            Assert.Equal((int)row[6], own.ClassId);
        }
    }

    private sealed class Tiny : IDisposable
    {
        private readonly TestFiles files = new();
        private readonly JsonDocument document, trajectory;
        private readonly IReadOnlyDictionary<string, torch.Tensor> batches, pictures;
        private readonly string folder, task;

        public Tiny(string task)
        {
            this.task = task;
            folder = $"reference/tasks/{task}/goldens/";
            document = Shared.Json(folder + "tiny_predict_val.json");
            trajectory = Shared.Json(folder + "trajectory/trajectory.json");
            batches = Shared.Tensors(folder + "trajectory/batches.safetensors");
            pictures = Shared.Tensors(folder + "tiny_predict_val.safetensors");
            Names = [.. Root.GetProperty("names").EnumerateObject().Select(name => name.Value.GetString()!)];
        }

        public JsonElement Root => document.RootElement;

        public string[] Names { get; }

        public YoloNetwork Network(string model)
        {
            YoloNetwork network = TinyTaskModel.Create(
                trajectory.RootElement, model == "classic" ? "classic" : task + "26",
                folder + (model == "classic" ? "tiny_trained.safetensors" : "tiny26_trained.safetensors"));
            network.eval();
            return network;
        }

        /// <summary>A picture as a file: "big", or picture i of batch b.</summary>
        public string Image(string name)
        {
            string path = files.PathOf($"images/val/{name}.png");
            using ImageBuffer image = name == "big"
                ? Pixels.Image(pictures["big_150x111.bgr"])
                : FromRgb(batches[$"{name[0]}.img"][name[1] - '0']);
            ImageEncoder.Save(image, path);
            return path;
        }

        public DatasetDescription Dataset()
        {
            foreach (JsonElement image in Root.GetProperty("images").EnumerateArray())
            {
                string name = image.GetProperty("image").GetString()!;
                Image(name);
                files.Text($"labels/val/{name}.txt", string.Join('\n', image.GetProperty("label_rows").EnumerateArray()
                    .Select(row => string.Join(' ', row.EnumerateArray().Select(value => value.GetRawText())))));
            }
            return DatasetDescription.Load(files.Text(
                "data.yaml", $"train: images/val\nval: images/val\nnames: [{string.Join(", ", Names)}]\nkpt_shape: [5, 3]\n"));
        }

        public void Dispose()
        {
            document.Dispose();
            trajectory.Dispose();
            files.Dispose();
        }

        private static ImageBuffer FromRgb(torch.Tensor planes)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return Pixels.Image(planes.flip(0).permute(1, 2, 0).contiguous());
        }
    }
}
