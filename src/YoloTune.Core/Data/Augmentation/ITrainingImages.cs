using YoloTune.Data.Labels;
using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>Where the composer gets images and labels from; tests give it images in memory.</summary>
internal interface ITrainingImages
{
    /// <summary>The image, its longer side resized to the image size; the caller disposes its part in it.</summary>
    ImageBuffer Load(int index);

    /// <summary>Its labels.</summary>
    LabelSet Labels(int index);
}
