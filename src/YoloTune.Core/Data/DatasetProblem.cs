namespace YoloTune.Data;

/// <summary>Something wrong in a dataset: where, what, and what was done about it.</summary>
/// <param name="File">The label file, image or list concerned.</param>
/// <param name="Line">The line in it, from 1, or null when the whole file is meant.</param>
/// <param name="Reason">What is wrong, in words that name the offending value.</param>
/// <param name="Action">What was done.</param>
/// <param name="Image">The image the problem belongs to, or null when there is none.</param>
public sealed record DatasetProblem(string File, int? Line, string Reason, ProblemAction Action, string? Image = null)
{
    /// <summary>"file, line 3: reason (row dropped)".</summary>
    public override string ToString()
    {
        string place = Line is { } line ? FormattableString.Invariant($"{File}, line {line}") : File;
        string done = Action switch
        {
            ProblemAction.RowDropped => "row dropped",
            ProblemAction.ImageDropped => "image dropped",
            ProblemAction.PolygonsDropped => "polygons dropped",
            ProblemAction.NotRead => "not read",
            ProblemAction.SplitUnusable => "the split cannot be used",
            ProblemAction.Refused => "training refuses it",
            _ => "kept",
        };
        return $"{place}: {Reason} ({done})";
    }
}
