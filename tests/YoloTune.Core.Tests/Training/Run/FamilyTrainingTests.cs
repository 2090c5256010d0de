using Xunit;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Training;

namespace YoloTune.Tests.Training.Run;

/// <summary>Every family learns: three epochs on coco128 at 160 px from what fits of COCO's weights of YOLO11n.</summary>
public abstract class FamilyTrainingTests
{
    protected static void AssertLearns(string architecture)
    {
        string data = Shared.Path("data/coco128/data.yaml");
        using YoloModel source = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        using YoloModel model = YoloModel.Create(ModelDefinition.Load(architecture), source.ClassNames, seed: 0);
        TransferPlanner.Create(model, TransferSource.FromModel(source), new TransferOptions()).Execute(model);
        string folder = Directory.CreateTempSubdirectory("yolotune family ").FullName;
        try
        {
            using Trainer trainer = Trainer.Start(model, new RunOptions
            {
                Data = data,
                OutputPath = Path.Combine(folder, "train"),
                Training = new() { Epochs = 3, ImageSize = 160, Validate = false, Plots = false, Precision = Precision.Float32 },
            });
            double[] losses = [.. trainer.Run().Epochs.Select(epoch => epoch.BoxLoss + epoch.ClassLoss + epoch.DflLoss)];
            // Each epoch draws other images, so that two neighbours may swap places by a hundredth; the first and the last do not.
            Assert.True(losses[^1] < losses[0], $"{architecture}: {string.Join(", ", losses)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>The first families; classes run side by side, the cases of a class do not.</summary>
public sealed class EarlyFamilyTrainingTests : FamilyTrainingTests
{
    [SkippableTheory]
    [InlineData("yolov3-tiny")]
    [InlineData("yolov5n")]
    [InlineData("yolov6n")]
    [InlineData("yolov8n")]
    public void The_training_loss_goes_down(string architecture) => AssertLearns(architecture);
}

/// <summary>The latest families.</summary>
public sealed class LateFamilyTrainingTests : FamilyTrainingTests
{
    [SkippableTheory]
    [InlineData("yolov9t")]
    [InlineData("yolov10n")]
    [InlineData("yolo11n")]
    [InlineData("yolo12n")]
    [InlineData("yolo26n")]
    public void The_training_loss_goes_down(string architecture) => AssertLearns(architecture);
}
