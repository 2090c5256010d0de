namespace YoloTune.Data.Checks;

/// <summary>What a dataset holds, and everything that is wrong with it.</summary>
public sealed record DatasetReport
{
    /// <summary>The dataset's YAML file.</summary>
    public required string File { get; init; }

    /// <summary>Class names by id.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The splits that could be opened.</summary>
    public required IReadOnlyList<SplitReport> Splits { get; init; }

    /// <summary>Everything that is wrong, with file, line, reason and what training does about it.</summary>
    public required IReadOnlyList<DatasetProblem> Problems { get; init; }

    /// <summary>Images that stand in more than one split.</summary>
    public required IReadOnlyList<DuplicateImage> Duplicates { get; init; }

    /// <summary>Whether nothing is left out of training and evaluation.</summary>
    public bool IsGood => Problems.All(problem => problem.Action == ProblemAction.Kept);
}
