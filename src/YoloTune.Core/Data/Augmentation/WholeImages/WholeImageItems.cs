using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Makes training items of images that have a class as a whole.</summary>
internal static class WholeImageItems
{
    /// <summary>Writes the pixels of an item.</summary>
    /// <param name="image">The image as its file has it.</param>
    /// <param name="labels">Its class, as <see cref="ClassFolders.LabelsOf"/> gives it.</param>
    /// <param name="stream">The random numbers.</param>
    /// <param name="options">How images are varied.</param>
    /// <param name="size">The side of the item.</param>
    /// <param name="planes">Gets the planes R, G, B.</param>
    /// <returns>The class, on the whole item.</returns>
    public static Instances Write(
        ImageBuffer image, LabelSet labels, RandomStream stream, AugmentationOptions options, int size, Span<byte> planes)
    {
        using ImageBuffer item = WholeImageDraws.AreOff(options)
            ? CentreCrop.Apply(image, size)
            : WholeImageTransform.Apply(image, WholeImageDraws.Draw(stream, options, image.Height, image.Width, size), size);
        PlanarRgb.Write(item, planes);
        return ClassFolders.InstancesOf(labels);
    }
}
