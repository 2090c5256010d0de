using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Tests.Files;
using YoloTune.Tests.Training.Run;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Models.Tuning;

public sealed class LearningRateSelectionTests
{
    public static TheoryData<OptimizerKind> Optimizers => [.. Enum.GetValues<OptimizerKind>().Where(kind => kind != OptimizerKind.Auto)];

    [Fact]
    public void Layer_decay_falls_from_the_head_to_the_image_down_to_its_floor()
    {
        using YoloModel model = TinyRun.Model();
        LearningRateSelection.Decay(0.5, minimum: 0.1).Resolve(model).Apply();
        // Layers 0 to 5, layer 5 is the head; 0.5 ^ 4 and below come to the floor.
        Assert.Equal([0.1, 0.1, 0.125, 0.25, 0.5, 1.0], model.Layers.Select(layer => layer.LearningRateMultiplier!.Value));
    }

    [Fact]
    public void A_selection_sets_its_own_items_and_leaves_the_rest()
    {
        using YoloModel model = TinyRun.Model();
        LearningRateSelection.Of(new() { Parts = [LayerPart.Backbone] }, 0.25).Resolve(model).Apply();
        LearningRateSelection.Of(new() { Layers = [0] }, 0).Resolve(model).Apply();
        LearningRateSelection.Of(new() { Names = ["*.cv3.*.bias"] }, 4).Resolve(model).Apply();
        Assert.Equal(0, model.Item("model.0.conv.weight").LearningRateMultiplier);
        Assert.Equal(0.25, model.Item("model.1.conv.weight").LearningRateMultiplier);
        Assert.Equal(4, model.Item("model.5.cv3.0.2.bias").LearningRateMultiplier);
        Assert.Equal(1, model.Item("model.5.cv3.0.2.weight").LearningRateMultiplier);
        Assert.Null(model.Layers[5].LearningRateMultiplier);
    }

    [Fact]
    public void Origins_are_told_apart()
    {
        using YoloModel model = TinyRun.Model();
        foreach (ModelItem item in model.Items.Where(item => item.Layer < 5)) item.Origin = Origin.Transferred;
        LearningRateSelection.Of(new() { Origins = [Origin.Transferred] }, 0.1).Resolve(model).Apply();
        Assert.All(model.Items.Where(item => !item.IsBuffer && !item.IsConstant), item =>
            Assert.Equal(item.Layer < 5 ? 0.1 : 1, item.LearningRateMultiplier));
    }

    [Fact]
    public void What_matches_nothing_or_is_out_of_range_is_refused_and_changes_nothing()
    {
        using YoloModel model = TinyRun.Model();
        LearningRateSelection[] wrong =
        [
            LearningRateSelection.Of(new() { Names = ["model.9.*"] }, 1),
            LearningRateSelection.Of(new() { Layers = [6] }, 1),
            LearningRateSelection.Of(new() { Origins = [Origin.Remapped] }, 1),
            LearningRateSelection.Of(new() { Origins = [Origin.New, Origin.Remapped] }, 1),
            LearningRateSelection.Of(new() { Parts = [LayerPart.Neck] }, 1),
            LearningRateSelection.Of(new(), 1),
            LearningRateSelection.Of(new() { All = true }, double.NaN),
            LearningRateSelection.Of(new() { All = true }, -1),
            LearningRateSelection.Of(new() { All = true }, double.PositiveInfinity),
            LearningRateSelection.Decay(0),
            LearningRateSelection.Decay(1.1),
            LearningRateSelection.Decay(0.9, 2),
        ];
        Assert.All(wrong, selection => Assert.NotNull(Assert.Throws<SelectionException>(() => selection.Resolve(model)).Remedy));
        Assert.All(model.Items, item => Assert.Equal(1, item.LearningRateMultiplier));
    }

    [Theory]
    [InlineData(ModelFileFormat.Pt)]
    [InlineData(ModelFileFormat.StateDict)]
    [InlineData(ModelFileFormat.SafeTensors)]
    public void Factors_are_kept_in_checkpoints(ModelFileFormat format)
    {
        using TemporaryFolder folder = new();
        using YoloModel model = TinyRun.Model();
        LearningRateSelection.Decay(0.7).Resolve(model).Apply();
        string path = folder.File(format == ModelFileFormat.SafeTensors ? "m.safetensors" : "m.pt");
        Action<YoloModel, string, bool> write = format switch
        {
            ModelFileFormat.Pt => ModelExporter.WritePt,
            ModelFileFormat.StateDict => ModelExporter.WriteStateDict,
            _ => ModelExporter.WriteSafeTensors,
        };
        write(model, path, false);
        using YoloModel back = ModelImporter.Import(path);
        Assert.Equal(model.Items.Select(item => item.LearningRateMultiplier), back.Items.Select(item => item.LearningRateMultiplier));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimiser_and_the_warm_up_obey_a_factor(OptimizerKind kind)
    {
        using TinyRun tiny = new(images: 8);
        // Halving is exact in binary: twice the rate at half the factor is the same run to the last bit.
        Dictionary<string, byte[]> plain = Trained(factor: 1), halved = Trained(factor: 0.5);
        Assert.All(plain, entry => Assert.Equal(entry.Value, halved[entry.Key]));

        Dictionary<string, byte[]> Trained(double factor)
        {
            using YoloModel model = TinyRun.Model();
            LearningRateSelection.Of(new() { All = true }, factor).Resolve(model).Apply();
            RunOptions options = tiny.Options(epochs: 2, folder: "factor");
            options = options with
            {
                Training = options.Training with
                {
                    Optimizer = kind, LearningRate = 0.002 / factor, WarmupBiasLearningRate = 0.01 / factor, WarmupEpochs = 1,
                        WarmupFraction = 0.5,
                },
            };
            using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
            trainer.Run();
            return TinyRun.Values(model);
        }
    }
}
