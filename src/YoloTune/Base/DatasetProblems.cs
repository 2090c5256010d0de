using YoloTune.Basics;
using YoloTune.Data;

namespace YoloTune.Commands.Base;

/// <summary>Sums up the problems of a dataset in one warning.</summary>
internal static class DatasetProblems
{
    public static string Summary(IReadOnlyList<DatasetProblem> problems)
    {
        int images = problems.Count(problem => problem.Action == ProblemAction.ImageDropped);
        int rows = problems.Count(problem => problem.Action == ProblemAction.RowDropped);
        string counted = Counted.Of(problems.Count, "problem");
        return $"{counted} in the dataset: {Counted.Of(images, "image")} and {Counted.Of(rows, "label row")} are left out. "
            + $"First: {problems[0]} Run Test-YoloDataset to see them all.";
    }
}
