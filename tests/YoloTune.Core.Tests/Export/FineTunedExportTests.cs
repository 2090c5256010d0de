using TorchSharp;
using Xunit;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Runs;
using YoloTune.Tests.Files;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Export;

/// <summary>A model that was trained here goes out as .pt and comes back as it was, with what a further training needs.</summary>
public sealed class FineTunedExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_trained_model_comes_back_bit_for_bit_with_its_arguments()
    {
        using TinyRun run = new();
        using YoloModel model = TinyRun.Model();
        Train(model, run, run.Options(epochs: 1));
        model.Items[0].LearningRateMultiplier = 0.5;
        ModelExporter.WritePt(model, folder.File("m.pt"));
        using YoloModel back = ModelImporter.Import(folder.File("m.pt"));

        Assert.Equal(model.ClassNames, back.ClassNames);
        Assert.Equal(model.Items.Select(item => item.Name), back.Items.Select(item => item.Name));
        foreach ((ModelItem before, ModelItem after) in model.Items.Zip(back.Items))
        {
            Assert.Equal((before.Name, before.Tensor.dtype, before.Origin, before.LearningRateMultiplier),
                (after.Name, after.Tensor.dtype, after.Origin, after.LearningRateMultiplier));
            Assert.True(before.Tensor.contiguous().bytes.SequenceEqual(after.Tensor.contiguous().bytes), before.Name);
        }

        PythonDictionary arguments = (PythonDictionary)new PickledTree(folder.File("m.pt")).Root["train_args"]!;
        Assert.Equal(("detect", 64L, 1L, 4L), (arguments["task"], arguments["imgsz"], arguments["epochs"], arguments["batch"]));
        Assert.Equal(run.Data, arguments["data"]);
        Assert.Equal(model.Arguments["lr0"], arguments["lr0"]);
        Assert.DoesNotContain("optimizer_reason", arguments.Keys);
        Assert.Equal(64L, back.Arguments["imgsz"]);
        Assert.Equal(64, YoloTune.Export.OnnxExportOptions.For(back).Width);
    }

    [SkippableFact]
    public void A_bccd_model_comes_back_bit_for_bit_and_can_be_trained_further()
    {
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        ClassSurgery.SetClasses(model, ["RBC", "WBC", "Platelets"], false, new Dictionary<string, string>());
        ModelExporter.WritePt(model, folder.File("cells.pt"));
        using YoloModel back = ModelImporter.Import(folder.File("cells.pt"));
        Assert.Equal(["RBC", "WBC", "Platelets"], back.ClassNames);
        foreach ((ModelItem before, ModelItem after) in model.Items.Zip(back.Items))
        {
            Assert.Equal((before.Name, before.Origin), (after.Name, after.Origin));
            Assert.True(before.Tensor.contiguous().bytes.SequenceEqual(after.Tensor.contiguous().bytes), before.Name);
        }

        // The file says more than the record of ours beside the pickle: another program's readers see the pickle only.
        PickledTree tree = new(folder.File("cells.pt"));
        Assert.Equal("{0: 'RBC', 1: 'WBC', 2: 'Platelets'}", tree.Text(tree.Model.State["names"]));
        Assert.Equal("<torch.nn.modules.activation.SiLU>", tree.Text(tree.Modules["model.9.cv1"].Children["act"]));
        Assert.Equal(3L, ((PythonDictionary)tree.Model.State["yaml"]!)["nc"]);
    }

    [Fact]
    public void Training_goes_on_from_the_file()
    {
        using TinyRun run = new();
        using YoloModel model = TinyRun.Model();
        ModelExporter.WritePt(model, folder.File("m.pt"));
        using YoloModel back = ModelImporter.Import(folder.File("m.pt"));
        Train(model, run, run.Options(epochs: 1, folder: "a"));
        Train(back, run, run.Options(epochs: 1, folder: "b"));
        foreach ((ModelItem a, ModelItem b) in model.Items.Zip(back.Items))
            Assert.True(a.Tensor.contiguous().bytes.SequenceEqual(b.Tensor.contiguous().bytes), a.Name);
    }

    [Fact]
    public void The_weights_of_a_run_are_such_files()
    {
        using TinyRun run = new();
        using YoloModel model = TinyRun.Model();
        Train(model, run, run.Options(epochs: 1));
        foreach (string weights in (string[])[model.Run!.BestWeights!, model.Run.LastWeights!])
        {
            PickledTree tree = new(weights);
            Assert.Equal("ultralytics.nn.tasks.DetectionModel", tree.Model.ClassPath);
            Assert.Equal(64L, ((PythonDictionary)tree.Root["train_args"]!)["imgsz"]);
            Assert.Equal("torch.FloatStorage", tree.Tensors["model.0.conv.weight"].StorageType);
        }
        Assert.Equal(File.ReadAllBytes(model.Run.LastWeights!), File.ReadAllBytes(model.Run.BestWeights!));
    }

    private static void Train(YoloModel model, TinyRun run, RunOptions options)
    {
        using Trainer trainer = Trainer.Start(model, options, run.Hooks);
        trainer.Run();
    }

    [Fact]
    public void Half_precision_is_the_rounded_model()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = ExportModels.Lively("yolov5n");
        ModelExporter.WritePt(model, folder.File("m.pt"), half: true);
        using YoloModel back = ModelImporter.Import(folder.File("m.pt"));
        foreach ((ModelItem before, ModelItem after) in model.Items.Zip(back.Items))
        {
            torch.Tensor expected = before.Tensor.is_floating_point() ? before.Tensor.half().to(torch.float32) : before.Tensor;
            Assert.True(expected.bytes.SequenceEqual(after.Tensor.contiguous().bytes), before.Name);
        }
    }
}
