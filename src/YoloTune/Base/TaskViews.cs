using System.Management.Automation;
using YoloTune.Runs.Records;

namespace YoloTune.Commands.Base;

/// <summary>
/// Gives epochs and comparisons of runs with other losses than a detector's a type name of their own, by which PowerShell finds the view
/// with their columns. It stays on the object wherever a script meets it.
/// </summary>
internal static class TaskViews
{
    // A loss that only one kind of run has.
    private static readonly (string Loss, string Name)[] Kinds =
        [("loss", "Classify"), ("seg", "Segment"), ("kobj", "Pose"), ("angle", "Obb")];

    /// <summary>Marks the epochs of a run.</summary>
    public static TrainingRun Mark(TrainingRun run)
    {
        foreach (YoloEpoch epoch in run.Epochs)
        {
            foreach ((string loss, string kind) in Kinds)
            {
                if (epoch.Losses.ContainsKey(loss)) Name(epoch, kind);
            }
        }
        return run;
    }

    /// <summary>Marks runs that are compared, all of them where one is not a detector's: a table has one type.</summary>
    public static IReadOnlyList<RunComparison> Mark(IReadOnlyList<RunComparison> comparisons)
    {
        if (comparisons.Any(one => Kinds.Any(kind => one.Losses.ContainsKey(kind.Loss))))
        {
            foreach (RunComparison comparison in comparisons) Name(comparison, "Figures");
        }
        return comparisons;
    }

    private static void Name(object item, string kind)
    {
        string name = $"{item.GetType().FullName}#{kind}";
        PSObject shown = PSObject.AsPSObject(item);
        if (!shown.TypeNames.Contains(name)) shown.TypeNames.Insert(0, name);
    }
}
