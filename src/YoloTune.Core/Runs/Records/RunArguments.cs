using YoloTune.Models;
using YoloTune.Runs.Stages;

namespace YoloTune.Runs.Records;

/// <summary>The resolved options of a run by the reference's names, in the order of args.yaml.</summary>
internal static class RunArguments
{
    public static IReadOnlyDictionary<string, object?> Of(
        YoloModel model, string source, RunOptions options, StagePlan plan, RunData data, RunFolder folder)
    {
        Dictionary<string, object?> arguments = new(StringComparer.Ordinal)
        {
            ["task"] = model.Task.ReferenceName,
            ["mode"] = "train",
            ["model"] = source,
            ["data"] = options.Data,
            ["device"] = model.Device,
            ["project"] = Path.GetDirectoryName(folder.Path),
            ["name"] = Path.GetFileName(folder.Path),
            ["save_dir"] = folder.Path,
        };
        foreach ((string name, object value) in options.Training.ToArguments(plan.Choices[0])) arguments[name] = value;
        if (options.ReplayData is not null)
            (arguments["replay_data"], arguments["replay_ratio"]) = (options.ReplayData, options.ReplayRatio);
        arguments["workers"] = data.Workers;
        arguments["optimizer_reason"] = plan.Choices[0].Reason;
        foreach (PlannedStage stage in plan.Stages.Where(stage => stage.Definition is not null))
            arguments[FormattableString.Invariant($"stage_{stage.Index + 1}")] = $"{stage.Definition}. {stage.Choice.Reason}";
        // As they are read back: a script finds the same types in a run of today and in one of last year.
        return arguments.ToDictionary(
            entry => entry.Key, entry => entry.Value is int whole ? (long)whole : entry.Value, StringComparer.Ordinal);
    }
}
