using TorchSharp;
using Xunit;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Heads;
using YoloTune.Runs;
using YoloTune.Tests.Training.Run;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Models.Tuning;

/// <summary>A class is added and learned from images of that class alone; nothing of the old classes may move.</summary>
public sealed class ExceptClassTests
{
    [Theory]
    [InlineData(OptimizerKind.SGD, "Detect")]
    [InlineData(OptimizerKind.Adam, "Detect")]
    [InlineData(OptimizerKind.AdamW, "Detect")]
    [InlineData(OptimizerKind.RMSProp, "Detect")]
    [InlineData(OptimizerKind.NAdam, "Detect")]
    [InlineData(OptimizerKind.MuSGD, "Detect")]
    [InlineData(OptimizerKind.AdamW, "v10Detect")]
    [InlineData(OptimizerKind.MuSGD, "v10Detect")]
    public void Logits_of_old_classes_keep_every_bit_on_any_image(OptimizerKind kind, string head)
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model(head: head);
        ClassSurgery.AddClasses(model, ["triangle"]);
        (FreezeSelection.All() with { ExceptClasses = ["triangle"] }).Resolve(model).Apply();
        using torch.Tensor images = torch.rand([3, 3, 96, 64], generator: new torch.Generator(7));
        Dictionary<string, byte[]> before = Logits(model, images), values = TinyRun.Values(model);

        RunOptions options = tiny.Options(epochs: 2);
        options = options with
        {
            Data = tiny.Dataset("triangles", 12, "triangle"),
            // Decay and momentum as large as they may be, so that a row they reach would show it.
            Training =
                options.Training with { Optimizer = kind, LearningRate = 0.01, WeightDecay = 0.5, WarmupEpochs = 0, NominalBatchSize = 4 },
        };
        using (Trainer trainer = Trainer.Start(model, options, tiny.Hooks)) trainer.Run();

        Dictionary<string, byte[]> after = Logits(model, images);
        Assert.All(before.Where(entry => !entry.Key.EndsWith(" new", StringComparison.Ordinal)), entry =>
            Assert.Equal(entry.Value, after[entry.Key]));
        Assert.All(before.Where(entry => entry.Key.EndsWith(" new", StringComparison.Ordinal)), entry =>
            Assert.NotEqual(entry.Value, after[entry.Key]));
        Dictionary<string, byte[]> now = TinyRun.Values(model);
        HashSet<string> outputs = [.. model.Items.Where(item => item.HasClassRows).Select(item => item.Name)];
        Assert.All(values.Where(entry => !outputs.Contains(entry.Key)), entry => Assert.Equal(entry.Value, now[entry.Key]));
    }

    /// <summary>Boxes, old and new class logits of every branch.</summary>
    private static Dictionary<string, byte[]> Logits(YoloModel model, torch.Tensor images)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        model.Network.eval();
        NetworkOutput output = model.Network.call(images);
        Dictionary<string, byte[]> found = [];
        foreach ((string name, HeadOutput? branch) in (IEnumerable<(string, HeadOutput?)>)[("many", output.OneToMany),
            ("one", output.OneToOne)])
        {
            if (branch is null) continue;
            torch.Tensor scores = branch.Scores;
            found[$"{name} boxes"] = Bytes(branch.Boxes);
            found[$"{name} old"] = Bytes(scores.narrow(1, 0, model.ClassCount - 1));
            found[$"{name} new"] = Bytes(scores.narrow(1, model.ClassCount - 1, 1));
        }
        Assert.NotEmpty(found);
        return found;
    }

    private static byte[] Bytes(torch.Tensor tensor) => tensor.contiguous().bytes.ToArray();
}
