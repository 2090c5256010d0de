using Xunit;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Stages;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Models.Tuning;

public sealed class StagePresetTests
{
    [Theory]
    [InlineData(StagePreset.FineTune, 2)]
    [InlineData(StagePreset.FineTune, 10)]
    [InlineData(StagePreset.FineTune, 100)]
    [InlineData(StagePreset.GradualUnfreeze, 6)]
    [InlineData(StagePreset.GradualUnfreeze, 10)]
    [InlineData(StagePreset.GradualUnfreeze, 37)]
    public void A_preset_has_the_epochs_it_was_asked_for_and_ends_with_everything_free(StagePreset preset, int epochs)
    {
        IReadOnlyList<YoloStage> stages = StagePresets.Create(preset, epochs, 0.002);
        Assert.Equal(epochs, stages.Sum(stage => stage.Epochs));
        Assert.Equal(stages.Count, stages.Select(stage => stage.Name).Distinct().Count());
        Assert.All(stages, stage => Assert.True(stage.Epochs > 0));
        Assert.True(stages[^1].Freeze!.Items.IsEmpty);
        Assert.True(stages[^1].Epochs >= stages[0].Epochs);
    }

    [Theory]
    [InlineData(StagePreset.FineTune, 1)]
    [InlineData(StagePreset.GradualUnfreeze, 5)]
    public void Fewer_epochs_than_stages_are_refused(StagePreset preset, int epochs) =>
        Assert.Contains(
            $"{StagePresets.FewestEpochs(preset)} epochs", Assert.Throws<SelectionException>(() =>
                StagePresets.Create(preset, epochs)).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Gradual_unfreezing_frees_more_with_every_stage_from_the_head_backwards()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), TinyRun.Classes);
        foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        int before = model.Layers.Count;
        foreach (YoloStage stage in StagePresets.Create(StagePreset.GradualUnfreeze, 10))
        {
            stage.Apply(model);
            int first = model.Layers.First(layer => layer.Frozen is FrozenState.None or FrozenState.Some).Index;
            Assert.True(first < before, stage.ToString());
            Assert.All(model.Layers.Where(layer => layer.Index > first && layer.Frozen is not null), layer =>
                Assert.NotEqual(FrozenState.All, layer.Frozen));
            before = first;
        }
        Assert.Equal(0, before);
    }

    [Fact]
    public void The_first_phase_of_fine_tuning_trains_the_head_and_what_is_new()
    {
        using YoloModel model = TinyRun.Model();
        foreach (ModelItem item in model.Items.Where(item => item.Layer != 1)) item.Origin = Origin.Transferred;
        StagePresets.Create(StagePreset.FineTune, 10)[0].Apply(model);
        Assert.Equal(
            [FrozenState.All, FrozenState.None, FrozenState.All, FrozenState.All, FrozenState.All],
            model.Layers.Take(5).Select(layer => layer.Frozen!.Value));
        Assert.NotEqual(FrozenState.All, model.Layers[5].Frozen);
    }

    [Theory]
    [InlineData(10, 0.6 * 9)]
    [InlineData(100, 20)]
    public void Everything_is_unfrozen_slowly(int epochs, double warmup) =>
        Assert.Equal(warmup, StagePresets.Create(StagePreset.FineTune, epochs)[1].WarmupEpochs);

    // The rule that keeps a default warm-up to a part of the run does not shorten one that a stage asks for.
    [Fact]
    public void A_warm_up_that_a_stage_asks_for_has_its_length()
    {
        RunOptions options = new() { Data = "", Stages = StagePresets.Create(StagePreset.FineTune, 10) };
        StagePlan plan = StagePlan.Create(options, StagePlan.Choose(options, 100, 1), batchesPerEpoch: 10, batchSize: 16);
        Assert.Equal(54, plan.Stages[1].Schedule.WarmupIterations);
    }
}
