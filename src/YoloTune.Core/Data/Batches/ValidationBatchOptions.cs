namespace YoloTune.Data.Batches;

/// <summary>How validation images are put into batches.</summary>
internal sealed record ValidationBatchOptions
{
    /// <summary>The longer side of an image in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Images of a batch.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches of like aspects with small frames; otherwise square frames in path order.</summary>
    public bool Rect { get; init; } = true;

    /// <summary>The network's largest stride.</summary>
    public int Stride { get; init; } = 32;

    /// <summary>Threads that prepare images.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches prepared ahead at most.</summary>
    public int Ahead { get; init; } = 2;
}
