using YoloTune.Data;

namespace YoloTune.DatasetTools.Checks;

/// <summary>What a dataset holds, and everything that is wrong with it.</summary>
public sealed record DatasetReport
{
    /// <summary>The dataset's YAML file.</summary>
    public required string File { get; init; }

    /// <summary>Whether images have a class as a whole, by their folders; a label then stands for an image.</summary>
    public bool HasClassFolders { get; init; }

    /// <summary>Class names by id.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The splits that could be opened.</summary>
    public required IReadOnlyList<SplitReport> Splits { get; init; }

    /// <summary>Everything that is wrong, with file, line, reason and what training does about it.</summary>
    public required IReadOnlyList<DatasetProblem> Problems { get; init; }

    /// <summary>Images that stand in more than one split, as the same file or nearly the same picture.</summary>
    public required IReadOnlyList<DuplicateImage> Duplicates { get; init; }

    /// <summary>How much of the dataset each class is, by class id.</summary>
    public required IReadOnlyList<ClassBalance> Classes { get; init; }

    /// <summary>How large the boxes are.</summary>
    public required BoxSizes BoxSizes { get; init; }

    /// <summary>
    /// Boxes of the most frequent class divided by those of the rarest one that has any; null when there is no box.
    /// </summary>
    public double? Imbalance => Classes.Any(balance => balance.Boxes > 0)
        ? Classes.Max(balance => balance.Boxes) / (double)Classes.Where(balance => balance.Boxes > 0).Min(balance => balance.Boxes)
        : null;

    /// <summary>Whether nothing is left out of training and evaluation.</summary>
    public bool IsGood => Problems.All(problem => problem.Action == ProblemAction.Kept);

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{File}: {Splits.Sum(split => split.Images)} images, {Names.Count} classes, {Problems.Count} problems");
}
