namespace YoloTune.Evaluation;

/// <summary>
/// The detections of one image, best first. A row is x1, y1, x2, y2 (pixels of whatever frame the predictions were made in), confidence,
/// class, then whatever columns the head carries beyond the classes (mask coefficients, keypoints, angle).
/// </summary>
internal sealed class Detections : ImageResult
{
    /// <summary>Columns every row has: four corners, confidence, class.</summary>
    public const int FixedColumns = 6;

    private readonly float[] _rows;
    private readonly int[] _anchors;

    /// <summary>Wraps rows that have already been chosen.</summary>
    /// <param name="rows">The rows, one after the other: [count * columns].</param>
    /// <param name="anchors">The anchor (or, of an end-to-end model, the output row) each detection came from: [count].</param>
    /// <param name="columns">Columns a row has, at least <see cref="FixedColumns"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public Detections(float[] rows, int[] anchors, int columns = FixedColumns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, FixedColumns);
        if (rows.Length != anchors.Length * columns)
        {
            throw new ArgumentException($"{rows.Length} values are not {anchors.Length} rows of {columns} columns.", nameof(rows));
        }
        _rows = rows;
        _anchors = anchors;
        Columns = columns;
    }

    /// <summary>No detection at all.</summary>
    public static Detections Empty { get; } = new([], []);

    /// <summary>How many detections there are.</summary>
    public override int Count => _anchors.Length;

    /// <summary>How many columns a row has.</summary>
    public int Columns { get; }

    /// <summary>All rows, one after the other: [Count * Columns].</summary>
    public ReadOnlySpan<float> Rows => _rows;

    /// <summary>The anchor each detection came from.</summary>
    public ReadOnlySpan<int> Anchors => _anchors;

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int index) => _rows.AsSpan(index * Columns, Columns);

    /// <summary>x1, y1, x2, y2 of one row.</summary>
    public ReadOnlySpan<float> Box(int index) => _rows.AsSpan(index * Columns, 4);

    /// <summary>The score of one row, 0-1.</summary>
    public float Confidence(int index) => _rows[(index * Columns) + 4];

    /// <summary>The class id of one row.</summary>
    public int ClassId(int index) => (int)_rows[(index * Columns) + 5];

    /// <summary>The same detections of anchors that are numbered among others: the numbers of each.</summary>
    internal Detections WithAnchors(ReadOnlySpan<int> numbers)
    {
        int[] anchors = new int[_anchors.Length];
        for (int i = 0; i < anchors.Length; i++) anchors[i] = numbers[_anchors[i]];
        return new Detections(_rows, anchors, Columns);
    }

    /// <summary>The same detections with every class id set to 0, as an evaluation that tells no classes apart wants them.</summary>
    public Detections WithSingleClass()
    {
        float[] rows = (float[])_rows.Clone();
        for (int i = 0; i < Count; i++) rows[(i * Columns) + 5] = 0;
        return new Detections(rows, _anchors, Columns);
    }
}
