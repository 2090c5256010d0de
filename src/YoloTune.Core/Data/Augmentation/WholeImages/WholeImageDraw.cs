using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Everything random about a training image that has a class as a whole.</summary>
/// <param name="Crop">The part of the image that is shown.</param>
internal sealed record WholeImageDraw(ImageArea Crop)
{
    /// <summary>Whether left and right change places.</summary>
    public bool Mirror { get; init; }

    /// <summary>Whether top and bottom change places.</summary>
    public bool UpsideDown { get; init; }

    /// <summary>Operations, one after the other.</summary>
    public IReadOnlyList<OperationDraw> Operations { get; init; } = [];

    /// <summary>Chains that are mixed with the image; null for none.</summary>
    public MixDraw? Mix { get; init; }

    /// <summary>Changes of colour; null for none.</summary>
    public JitterDraw? Jitter { get; init; }

    /// <summary>The part of the result that is black; null for none.</summary>
    public ImageArea? Erase { get; init; }
}
