using YoloTune.Basics;
using YoloTune.Networks.Architecture;


namespace YoloTune.Models.Transfer;

/// <summary>
/// Which items of a model a transfer may touch, and how class rows are matched. Every filter that is empty lets everything through.
/// </summary>
public sealed record TransferOptions
{
    /// <summary>Only items whose name fits one of these patterns.</summary>
    public IReadOnlyList<NamePattern> Include { get; init; } = [];

    /// <summary>No item whose name fits one of these patterns.</summary>
    public IReadOnlyList<NamePattern> Exclude { get; init; } = [];

    /// <summary>Only items of these layers.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [];

    /// <summary>Only items of these parts.</summary>
    public IReadOnlyList<LayerPart> Parts { get; init; } = [];

    /// <summary>Copy the class rows of classes that have the same name in both models, whatever the case.</summary>
    public bool MatchClasses { get; init; }

    /// <summary>Target class name to source class name: which row goes where when the names differ.</summary>
    public IReadOnlyDictionary<string, string> ClassMap { get; init; } = new Dictionary<string, string>();
}
