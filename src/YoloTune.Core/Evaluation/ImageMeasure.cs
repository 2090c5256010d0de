using System.Text;

namespace YoloTune.Evaluation;

/// <summary>How good a model is on one image: what it found of the labels, and what it found beside them.</summary>
public sealed record ImageMeasure
{
    /// <summary>The image, a full path.</summary>
    public required string Path { get; init; }

    /// <summary>Columns of the image.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the image.</summary>
    public required int Height { get; init; }

    /// <summary>Labels of the image.</summary>
    public required int Labels { get; init; }

    /// <summary>Labels that were found: same class, an overlap of at least 0.5.</summary>
    public required int Correct { get; init; }

    /// <summary>Labels that nothing was predicted for.</summary>
    public required int Missed { get; init; }

    /// <summary>Predictions of nothing that is labelled.</summary>
    public required int False { get; init; }

    /// <summary>Labels that were found and taken for another class.</summary>
    public required int Confused { get; init; }

    /// <summary>Labels that were found with an overlap of less than 0.5.</summary>
    public required int Misplaced { get; init; }

    /// <summary>
    /// 1 for an image without a mistake, lower the more and the surer the mistakes are; of an image with a class as a whole above 0.5 where
    /// the class is right, the surer the higher, and below where it is wrong.
    /// </summary>
    public required double Score { get; init; }

    /// <summary>Every label and every prediction above the confidence, with what became of it.</summary>
    public required IReadOnlyList<ImageObject> Objects { get; init; }

    /// <summary>"bus.jpg: 3 of 5 correct, 2 missed".</summary>
    public override string ToString()
    {
        StringBuilder text = new(FormattableString.Invariant($"{System.IO.Path.GetFileName(Path)}: {Correct} of {Labels} correct"));
        foreach ((int count, string what) in ((int, string)[])[(Missed, "missed"), (False, "false"), (Confused, "confused"),
            (Misplaced, "misplaced")])
        {
            if (count > 0) text.Append(System.Globalization.CultureInfo.InvariantCulture, $", {count} {what}");
        }
        return text.ToString();
    }
}
