using TorchSharp;

namespace YoloTune.Networks.Heads;

/// <summary>
/// What a network gives in one forward pass, before decoding. Exactly one of the heads or <see cref="Logits"/> is present.
/// </summary>
internal sealed record NetworkOutput
{
    /// <summary>The one-to-many branch: the only one of a classic head; absent from a fused end-to-end network.</summary>
    public HeadOutput? OneToMany { get; init; }

    /// <summary>The one-to-one branch of an end-to-end head (YOLOv10, YOLO26), computed on detached features.</summary>
    public HeadOutput? OneToOne { get; init; }

    /// <summary>Classify: logits [N, classes].</summary>
    public torch.Tensor? Logits { get; init; }
}
