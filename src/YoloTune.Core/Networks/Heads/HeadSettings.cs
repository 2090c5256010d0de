using YoloTune.Networks.Modules;


namespace YoloTune.Networks.Heads;

/// <summary>What a detection head is built with.</summary>
internal sealed record HeadSettings
{
    /// <summary>What the network's blocks share.</summary>
    public required BlockSettings Blocks { get; init; }

    /// <summary>Number of classes.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Distribution bins a box side has; 1 predicts distances directly.</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Whether a second, one-to-one branch exists.</summary>
    public bool EndToEnd { get; init; }

    /// <summary>Whether the class branch is the one of families before YOLO11: two full 3x3 convolutions.</summary>
    public bool LegacyClassBranch { get; init; }

    /// <summary>Channels of each input.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Hidden width of the class branch; null follows the class count.</summary>
    public int? ClassBranchWidth { get; init; }

    /// <summary>The hidden width the class count gives: max(first input's channels, min(classes, 100)).</summary>
    public static int DefaultClassBranchWidth(int firstChannels, int classCount) => Math.Max(firstChannels, Math.Min(classCount, 100));
}
