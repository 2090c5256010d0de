using TorchSharp;

namespace YoloTune.Networks.Modules;

/// <summary>What all blocks of one network are built with.</summary>
internal sealed record BlockSettings
{
    /// <summary>PyTorch's BatchNorm settings, which classification networks keep.</summary>
    public const double TorchNormEpsilon = 1e-5;

    /// <inheritdoc cref="TorchNormEpsilon" />
    public const double TorchNormMomentum = 0.1;

    /// <summary>What <see cref="Conv"/> and similar blocks use unless told otherwise; one object for the network.</summary>
    public Activation Activation { get; init; } = new(ActivationKind.SiLU);

    /// <summary>What a <see cref="RepConv"/> uses: always SiLU, whatever the model's default is.</summary>
    public Activation RepActivation { get; init; } = new(ActivationKind.SiLU);

    /// <summary>Added to a BatchNorm's variance.</summary>
    public double NormEpsilon { get; init; } = 1e-3;

    /// <summary>The fraction of a batch's statistics in the running statistics.</summary>
    public double NormMomentum { get; init; } = 0.03;

    /// <summary>Draws the weights; null leaves them undefined, for networks that are filled right after they are built.</summary>
    public WeightInitializer? Initializer { get; init; }

    /// <summary>The device of the weights: the CPU, or <c>meta</c> for shapes without data.</summary>
    public torch.Device Device { get; init; } = torch.CPU;

    /// <summary>True builds convolutions with a bias in place of each convolution and BatchNorm, for inference.</summary>
    public bool Fused { get; init; }

    /// <summary>Whether the first convolution of an SPPF is followed by the activation, as it was in releases up to YOLO12's.</summary>
    public bool SppfActivation { get; init; }
}
