using System.Management.Automation;
using YoloTune.Networks;
using YoloTune.Runs.Records;

namespace YoloTune.Commands.Base;

/// <summary>
/// Gives epochs and comparisons of runs for another task than the default a type name of their own, by which PowerShell finds the view with
/// their columns. It stays on the object wherever a script meets it.
/// </summary>
internal static class TaskViews
{
    /// <summary>Marks the epochs of a run.</summary>
    public static TrainingRun Mark(TrainingRun run)
    {
        if (OtherTask(run.Task) is not { } task) return run;
        foreach (YoloEpoch epoch in run.Epochs) Name(epoch, task.Name);
        return run;
    }

    /// <summary>Marks runs that are compared, all of them where one is for another task: a table has one type.</summary>
    public static IReadOnlyList<RunComparison> Mark(IReadOnlyList<RunComparison> comparisons)
    {
        if (comparisons.Any(one => OtherTask(one.Task) is not null))
        {
            foreach (RunComparison comparison in comparisons) Name(comparison, "Figures");
        }
        return comparisons;
    }

    private static NetworkTask? OtherTask(string? name) =>
        name is not null && NetworkTask.Find(name) is { } task && task != NetworkTask.Default ? task : null;

    private static void Name(object item, string kind)
    {
        string name = $"{item.GetType().FullName}#{kind}";
        PSObject shown = PSObject.AsPSObject(item);
        if (!shown.TypeNames.Contains(name)) shown.TypeNames.Insert(0, name);
    }
}
