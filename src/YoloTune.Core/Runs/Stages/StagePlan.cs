using System.Globalization;
using System.Reflection;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Training;
using YoloTune.Training.Schedule;

namespace YoloTune.Runs.Stages;

/// <summary>The stages of a run in order, with everything they left open decided.</summary>
internal sealed class StagePlan
{
    // A stage's property of an option's name stands for that option.
    private static readonly Dictionary<string, PropertyInfo> Own =
        typeof(YoloStage).GetProperties().ToDictionary(property => property.Name);

    private StagePlan(IReadOnlyList<PlannedStage> stages) => Stages = stages;

    public IReadOnlyList<PlannedStage> Stages { get; }

    public IReadOnlyList<string> Names => Stages.Select(stage => stage.Name).ToArray();

    public IReadOnlyList<OptimizerChoice> Choices => [.. Stages.Select(stage => stage.Choice)];

    /// <summary>The stage that an epoch of the run, counted from 0, belongs to.</summary>
    public PlannedStage At(int epoch) => Stages.Last(stage => stage.FirstEpoch <= epoch);

    /// <summary>The optimiser of every stage; that of a run without stages is the first.</summary>
    public static IReadOnlyList<OptimizerChoice> Choose(RunOptions options, int imageCount, int classCount) =>
    [
        .. Definitions(options).Select(stage => AutomaticOptimizer.Choose(TrainingOf(options.Training, stage), imageCount, classCount)),
    ];

    /// <summary>Lays the stages out over the run.</summary>
    public static StagePlan Create(RunOptions options, IReadOnlyList<OptimizerChoice> choices, int batchesPerEpoch, int batchSize)
    {
        YoloStage?[] definitions = [.. Definitions(options)];
        List<PlannedStage> stages = [];
        int first = 0;
        for (int i = 0; i < definitions.Length; i++)
        {
            YoloStage? stage = definitions[i];
            int epochs = stage?.Epochs ?? options.Training.Epochs;
            TrainingOptions training = TrainingOf(options.Training, stage);
            bool goesOn = i > 0 && stage!.Schedule == StageSchedule.Continue;
            int start = goesOn ? stages[^1].ScheduleStart : first;
            // A schedule spans its own stage and all that go on with it.
            int span = epochs + definitions.Skip(i + 1)
                .TakeWhile(next => next!.Schedule == StageSchedule.Continue).Sum(next => next!.Epochs);
            TrainingOptions shape = goesOn
                ? stages.Last(earlier => earlier.FirstEpoch == start).Training with { NominalBatchSize = training.NominalBatchSize }
                : training;
            ScheduleSettings settings = (shape with { Epochs = first - start + span, BatchSize = batchSize })
                .ScheduleFor(choices[i], batchesPerEpoch);
            stages.Add(new PlannedStage(
                i, stage?.Name ?? options.Stage, stage, first, epochs, training, choices[i], new LearningRateSchedule(settings), start));
            first += epochs;
        }
        return new StagePlan(stages);
    }

    /// <summary>Checks the stages against the model before anything is written; the model is left as it was.</summary>
    /// <exception cref="TrainingException">A stage has no epochs, nothing to train, or a number out of its range; names are not
    /// unique.</exception>
    /// <exception cref="SelectionException">A selection matches nothing.</exception>
    public static void Check(YoloModel model, RunOptions options, TrainingHooks hooks)
    {
        if (options.Stages.Count == 0) return;
        TuningState before = TuningState.Of(model);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> untaught =
            [.. model.Items.Where(item => item is { IsBuffer: false, IsConstant: false, Origin: Origin.New }).Select(item => item.Name)];
        try
        {
            foreach (YoloStage stage in options.Stages)
            {
                if (string.IsNullOrWhiteSpace(stage.Name) || stage.Name.AsSpan().IndexOfAny(",\"\r\n") >= 0)
                    throw Wrong(stage, "needs a name without commas, quotes and line breaks.", "Give one with -Name.");
                if (!names.Add(stage.Name)) throw Wrong(stage, "stands twice in the run.", "Give every stage a name of its own.");
                _ = TrainingOf(options.Training with { Epochs = stage.Epochs }, stage).Checked();
                if (stage.CloseMosaic < 0) throw Wrong(stage, "cannot close mosaic for a negative number of epochs.", "Give 0 or more.");
                before.Apply(model);
                stage.Apply(model);
                if (model.TrainableParameterCount == 0)
                    throw Wrong(stage, "has nothing to train: every layer is frozen.", "Freeze less in it.");
                untaught.RemoveWhere(name => !model.Item(name).Frozen);
            }
            if (untaught.Count > 0)
                hooks.Warning?.Invoke($"{untaught.Count} new items are frozen in every stage: training cannot fix their random values.");
        }
        finally
        {
            before.Apply(model);
        }
    }

    private static IEnumerable<YoloStage?> Definitions(RunOptions options) =>
        options.Stages.Count == 0 ? (IReadOnlyList<YoloStage?>)[null] : options.Stages;

    private static TrainingOptions TrainingOf(TrainingOptions run, YoloStage? stage)
    {
        if (stage is null) return run;
        AugmentationOptions augmentation = run.Augmentation;
        foreach ((string name, string value) in stage.Augmentation) augmentation = augmentation.With(name, value);
        TrainingOptions training = run.With(name => Own.GetValueOrDefault(name)?.GetValue(stage)) with
        {
            Epochs = run.Epochs,
            CloseMosaic = run.CloseMosaic,
            // A warm-up that is asked for is meant as it stands; the least and the most batches are for the run's default.
            WarmupBatches = stage.WarmupEpochs is null ? run.WarmupBatches : 0,
            WarmupFraction = stage.WarmupEpochs is null ? run.WarmupFraction : 1,
            Augmentation = augmentation,
        };
        return training.NominalBatchSize > 0 ? training : training with { NominalBatchSize = run.BatchSize };
    }

    private static TrainingException Wrong(YoloStage stage, string what, string remedy) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the stage '{stage.Name}' {what}"), remedy: remedy);
}
