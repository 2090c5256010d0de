using Xunit;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Stages;
using YoloTune.Training;

namespace YoloTune.Tests.Models.Tuning;

public sealed class PresetChoiceTests : IDisposable
{
    private static readonly RunOptions Options = new() { Data = "", Preset = TrainingPreset.Auto, Training = new() { Epochs = 10 } };
    private readonly YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), ["cat", "dog"]);

    public PresetChoiceTests()
    {
        foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        ClassSurgery.SetClasses(model, ["star"], ignoreCase: false, new Dictionary<string, string>());
    }

    public void Dispose() => model.Dispose();

    [Fact]
    public void A_short_run_of_a_reclassed_detector_is_fine_tuned()
    {
        List<string> said = [];
        RunOptions chosen = PresetChoice.Automatic(model, Options, 13, new() { Message = said.Add });
        Assert.Equal(["head", "all"], chosen.Stages.Select(stage => stage.Name));
        Assert.Equal(TrainingPreset.Plain, chosen.Preset);
        Assert.Contains("1 epoch for the head alone", Assert.Single(said), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 13)]
    [InlineData(10, 501)]
    public void Runs_of_one_epoch_and_long_runs_are_plain(int epochs, int batches) =>
        Assert.Empty(PresetChoice.Automatic(model, Options with { Training = new() { Epochs = epochs } }, batches, new()).Stages);

    [Fact]
    public void What_the_user_froze_or_slowed_stays_his_choice()
    {
        model.Item("model.0.conv.weight").Frozen = true;
        Assert.Empty(PresetChoice.Automatic(model, Options, 13, new()).Stages);
        model.Item("model.0.conv.weight").Frozen = false;
        model.Item("model.0.conv.weight").LearningRateMultiplier = 0.5;
        Assert.Empty(PresetChoice.Automatic(model, Options, 13, new()).Stages);
    }

    [Fact]
    public void New_models_and_models_whose_classes_stay_are_plain()
    {
        foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        Assert.Empty(PresetChoice.Automatic(model, Options, 13, new()).Stages);
        foreach (ModelItem item in model.Items) item.Origin = Origin.New;
        Assert.Empty(PresetChoice.Automatic(model, Options, 13, new()).Stages);
    }

    [Fact]
    public void Named_presets_become_stages_or_rules()
    {
        Assert.Equal(2, PresetChoice.Named(Options with { Preset = TrainingPreset.FineTune }).Stages.Count);
        Assert.Equal(6, PresetChoice.Named(Options with { Preset = TrainingPreset.GradualUnfreeze }).Stages.Count);
        RunOptions reference = PresetChoice.Named(Options with { Preset = TrainingPreset.Reference });
        Assert.Empty(reference.Stages);
        Assert.Equal(TrainingRules.Reference, reference.Training.Rules);
        Assert.Same(Options, PresetChoice.Named(Options));
        Assert.Throws<TrainingException>(() => PresetChoice.Named(
            Options with { Preset = TrainingPreset.FineTune, Stages = StagePresets.Create(StagePreset.FineTune, 4) }));
    }

    [Fact]
    public void An_augmentation_that_was_asked_for_stands()
    {
        TrainingOptions training = Options.Training;
        Assert.Equal("0.25", PresetChoice.Automatic(model, Options, 13, new()).Stages[0].Augmentation["scale"]);
        training = training with { Augmentation = training.Augmentation.With("scale", "0.9") };
        Assert.Empty(PresetChoice.Automatic(model, Options with { Training = training }, 13, new()).Stages[0].Augmentation);
    }
}
