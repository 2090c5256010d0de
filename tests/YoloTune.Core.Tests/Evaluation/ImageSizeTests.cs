using Xunit;
using YoloTune.Evaluation;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Prediction;
using YoloTune.Runs;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Evaluation;

/// <summary>A model is looked with at the size it was trained for, whatever file it came from.</summary>
public sealed class ImageSizeTests : IDisposable
{
    private readonly TinyRun tiny = new(images: 8);

    public void Dispose() => tiny.Dispose();

    [Theory]
    [InlineData("Detect", 640)]
    [InlineData("Segment", 640)]
    [InlineData("Classify", 224)]
    public void A_task_has_a_size(string task, int size) => Assert.Equal(size, NetworkTask.Parse(task).DefaultImageSize);

    [Fact]
    public void A_recorded_size_is_a_number_or_a_list()
    {
        Assert.Equal(320, ImageSizes.Recorded(320L));
        Assert.Equal(320, ImageSizes.Recorded(320.0));
        Assert.Equal(480, ImageSizes.Recorded(new object?[] { 320L, 480L }));
        object?[] others = [null, "320", 0L, -1L, 100000L, 0.5, Array.Empty<object?>(), new object?[] { 320L, null }];
        Assert.All(others, value => Assert.Null(ImageSizes.Recorded(value)));
    }

    [Fact]
    public void A_model_that_was_not_trained_has_the_size_of_its_task()
    {
        using YoloModel model = TinyRun.Model();
        Assert.Equal(640, model.ImageSize);
        using Predictor predictor = Predictor.For(model);
        Assert.Equal(640, predictor.ImageSize);
    }

    [Fact]
    public void The_size_of_the_run_is_used_and_told_and_so_it_is_from_every_file()
    {
        using YoloModel trained = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(trained, tiny.Options(epochs: 1), tiny.Hooks)) trainer.Run();
        string pt = tiny.Folder("m.pt"), tensors = tiny.Folder("m.safetensors");
        string fixedSize = tiny.Folder("fixed.onnx"), open = tiny.Folder("open.onnx");
        ModelExporter.WritePt(trained, pt);
        ModelExporter.WriteSafeTensors(trained, tensors);
        OnnxExporter.Write(trained, fixedSize, OnnxExportOptions.For(trained));
        OnnxExporter.Write(trained, open, OnnxExportOptions.For(trained) with { Dynamic = true });
        using YoloModel fromPt = ModelImporter.Import(pt), fromTensors = ModelImporter.Import(tensors);
        using YoloModel last = ModelImporter.Import(Path.Combine(trained.Run!.Directory, "weights", "last.pt"));
        using OnnxModel fromFixed = new(fixedSize), fromOpen = new(open);
        double? expected = ModelEvaluation.Measure(trained, tiny.Data, new() { ImageSize = 64 }).MAP;
        foreach (IYoloDetector detector in (IYoloDetector[])[trained, fromPt, fromTensors, last, fromFixed, fromOpen])
        {
            Assert.Equal(64, detector.ImageSize);
            YoloMetrics metrics = ModelEvaluation.Measure(detector, tiny.Data, new());
            Assert.Equal(64, metrics.Settings.ImageSize);
            if (detector is YoloModel) Assert.Equal(expected, metrics.MAP);
            using Predictor predictor = Predictor.For(detector);
            Assert.Equal(64, predictor.ImageSize);
        }
        Assert.Equal(96, ModelEvaluation.Measure(trained, tiny.Data, new() { ImageSize = 90 }).Settings.ImageSize);
    }

    [Fact]
    public void A_detection_says_the_size()
    {
        using YoloModel model = TinyRun.Model();
        using Predictor predictor = Predictor.For(model, new() { ImageSize = 96, Confidence = 0 });
        string image = Directory.EnumerateFiles(Path.GetDirectoryName(tiny.Data)!, "*.jpg", SearchOption.AllDirectories).Concat(
            Directory.EnumerateFiles(Path.GetDirectoryName(tiny.Data)!, "*.png", SearchOption.AllDirectories)).First();
        Assert.All(predictor.Predict([image]).Single().Detections, detection => Assert.Equal(96, detection.ImageSize));
    }
}
