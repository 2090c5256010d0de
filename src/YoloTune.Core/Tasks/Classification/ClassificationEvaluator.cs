using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Inference;

namespace YoloTune.Tasks.Classification;

/// <summary>Measures how often the best class, and one of the five best, is right.</summary>
internal sealed class ClassificationEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) : ITaskEvaluator
{
    private readonly ConfusionMatrix confusion = ConfusionMatrix.OfImages(classNames);
    private readonly int[] images = new int[classNames.Count];
    private readonly int[] first = new int[classNames.Count];
    private readonly int[] among = new int[classNames.Count];

    /// <inheritdoc/>
    public int Images { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output)
    {
        ClassScores[] scores = ScoreTable.Read(output.Predictions);
        int?[] classes = BatchClasses.Of(batch, scores.Length);
        for (int i = 0; i < scores.Length; i++)
        {
            if (classes[i] is { } actual) Add(scores[i], actual, batch.Sources.ElementAtOrDefault(i)?.Path);
        }
        return scores;
    }

    /// <summary>Counts one image.</summary>
    public void Add(ClassScores scores, int actual, string? path = null)
    {
        if (actual >= classNames.Count)
        {
            throw new DatasetException(
                FormattableString.Invariant($"the image has class {actual}, but the model has {classNames.Count} classes."), path,
                remedy: "Measure the model on a dataset with the classes it was trained for.");
        }
        Images++;
        images[actual]++;
        if (scores.Best[0] == actual) first[actual]++;
        if (scores.Best.Contains(actual)) among[actual]++;
        confusion.Add(scores.Best[0], actual);
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses)
    {
        YoloMetrics counted = new()
        {
            ImageCount = Images, Instances = Images, ConfusionMatrix = confusion, Settings = options, Speed = speed, Losses = losses,
        };
        if (Images == 0) return counted;
        double top1 = first.Sum() / (double)Images, top5 = among.Sum() / (double)Images;
        Dictionary<string, double> measures = new() { [MeasureColumns.Top1] = top1, [MeasureColumns.Top5] = top5 };
        ClassAccuracy[] rows = [.. Enumerable.Range(0, classNames.Count).Where(id => images[id] > 0).Select(Row)];
        return counted with
        {
            Top1 = top1,
            Top5 = top5,
            Measures = measures,
            Fitness = MeasureColumns.Fitness(measures),
            PerClassAccuracy = rows,
            Groups = options.NewClasses is { } fresh ? ClassGroupMetrics.Split(classNames, rows, fresh) : [],
        };
    }

    private ClassAccuracy Row(int id)
    {
        long predicted = Enumerable.Range(0, classNames.Count).Sum(actual => confusion[id, actual]);
        double count = images[id];
        return new(id, classNames[id], images[id], first[id] / count, among[id] / count,
            predicted == 0 ? null : first[id] / (double)predicted);
    }
}
