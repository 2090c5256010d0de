namespace YoloTune.Networks.Architecture;

/// <summary>Choices of a plan that a model description does not express.</summary>
public sealed record PlanOptions
{
    /// <summary>
    /// Whether the first convolution of an SPPF is followed by its activation. Null follows the family: the published checkpoints of
    /// YOLOv5 to YOLO12 were trained with it; YOLO26, and files of no family, are built without, as the reference builds today.
    /// </summary>
    public bool? SppfActivation { get; init; }

    /// <summary>
    /// True makes the hidden layers of the class branch at least as wide as 80 classes would make them, so that pretrained weights fit.
    /// </summary>
    public bool KeepClassBranch { get; init; }

    /// <summary>The hidden width of the class branch, as a checkpoint has it; null follows the class count.</summary>
    public int? ClassBranchWidth { get; init; }

    /// <summary>Whether the class branch is the one of families before YOLO11; null follows the modules used.</summary>
    public bool? LegacyClassBranch { get; init; }

    /// <summary>
    /// The width that rows keep as it is written. Null takes the class count, as the reference does: a row whose width happens to equal
    /// the class count is not scaled. A model that gets other classes keeps the widths it was built with.
    /// </summary>
    public int? UnscaledWidth { get; init; }

    /// <summary>
    /// The activations of single blocks where they differ, by the block's path (<c>model.9.cv1</c>): PyTorch's class name, such as
    /// <c>SiLU</c> or <c>Identity</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Activations { get; init; } = new Dictionary<string, string>();
}
