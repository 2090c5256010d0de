using YoloTune.Data;

namespace YoloTune.Commands.Base;

/// <summary>Sums up the problems of a dataset in one warning.</summary>
internal static class DatasetProblems
{
    public static string Summary(IReadOnlyList<DatasetProblem> problems)
    {
        int images = problems.Count(problem => problem.Action == ProblemAction.ImageDropped);
        int rows = problems.Count(problem => problem.Action == ProblemAction.RowDropped);
        string counted = problems.Count == 1 ? "1 problem" : $"{problems.Count} problems";
        return $"{counted} in the dataset: {images} images and {rows} label rows are left out. "
            + $"First: {problems[0]} Run Test-YoloDataset to see them all.";
    }
}
