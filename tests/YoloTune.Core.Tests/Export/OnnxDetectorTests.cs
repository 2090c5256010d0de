using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Evaluation;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;
using YoloTune.Tests.Files;
using YoloTune.Tests.Evaluation;

namespace YoloTune.Tests.Export;

/// <summary>The pretrained network through ONNX Runtime: the same detections, the same figures.</summary>
public sealed class OnnxDetectorTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData("bus.jpg", false, false, 640)]
    [InlineData("bus.jpg", true, false, 640)]
    [InlineData("zidane.jpg", true, true, 320)]
    [InlineData("zidane.jpg", false, true, 320)]
    public void Detections_equal_those_of_the_network(string image, bool dynamic, bool nms, int size)
    {
        string path = Shared.Path("data/images/" + image);
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = size, Width = size, Dynamic = dynamic, EmbedNms = nms });
        using OnnxModel file = new(folder.File("m.onnx"));
        PredictionOptions options = new() { ImageSize = size, Rectangular = dynamic, Precision = Precision.Float32 };
        using Predictor expected = Predictor.For(model, options), found = Predictor.For(file, options);
        YoloDetection[] wanted = [.. expected.Predict([path, path]).Last().Detections],
            got = [.. found.Predict([path, path]).Last().Detections];
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Select(detection => detection.ClassName), got.Select(detection => detection.ClassName));
        for (int i = 0; i < wanted.Length; i++)
        {
            // Rounding of float32; the pixels are those of images up to 1280 wide.
            Assert.Equal(wanted[i].Confidence, got[i].Confidence, 1e-4);
            Assert.Equal(wanted[i].X1, got[i].X1, 0.05);
            Assert.Equal(wanted[i].Y1, got[i].Y1, 0.05);
            Assert.Equal(wanted[i].X2, got[i].X2, 0.05);
            Assert.Equal(wanted[i].Y2, got[i].Y2, 0.05);
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mean_average_precision_equals_that_of_the_network(bool dynamic)
    {
        // What was asked for; half the size keeps the test short.
        const double tolerance = 0.002;
        const int size = 320;
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = size, Width = size, Dynamic = dynamic });
        using OnnxModel file = new(folder.File("m.onnx"));
        EvaluationOptions options = new() { ImageSize = size, Rectangular = dynamic, Precision = Precision.Float32 };
        string data = Shared.Path("data/coco128/data.yaml");
        YoloMetrics expected = ModelEvaluation.Measure(model, data, options), found = ModelEvaluation.Measure(file, data, options);
        output.WriteLine(FormattableString.Invariant($"{expected.MAP} {found.MAP}"));
        Assert.Equal(expected.MAP!.Value, found.MAP!.Value, tolerance);
        Assert.Equal(expected.MAP50!.Value, found.MAP50!.Value, tolerance);
        Assert.Equal(expected.Instances, found.Instances);
    }

    [Fact]
    public void Another_number_format_is_refused()
    {
        using YoloModel model = ExportModels.Lively("yolov5n");
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 64 });
        using OnnxModel file = new(folder.File("m.onnx"));
        Assert.Throws<SelectionException>(() => Predictor.For(file, new() { Precision = Precision.BFloat16 }));
    }

    [Fact]
    public void A_classifier_gives_the_class_of_the_whole_image()
    {
        using YoloModel model = ExportModels.Lively("yolo11n-cls");
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 64 });
        using OnnxModel file = new(folder.File("m.onnx"));
        using Predictor predictor = Predictor.For(file);
        ImagePrediction found = predictor.Predict([Drawn(folder.File("whole.png"))]).Single();
        Assert.Equal(5, found.Classification!.Top5.Count);
        Assert.Empty(found.Detections);
    }

    private static string Drawn(string path)
    {
        using YoloTune.Images.ImageBuffer image = Data.TestFiles.Pattern(60, 80);
        YoloTune.Images.ImageEncoder.Save(image, path);
        return path;
    }
}
