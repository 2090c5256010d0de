using YoloTune.Images;
using YoloTune.Inference;

namespace YoloTune.Prediction;

/// <summary>
/// What a task does between image files and results: how an image is put before the network, what becomes of the network's output, and how
/// results are drawn and written. One object serves all images of a prediction, from several threads in <see cref="Frame"/>.
/// </summary>
internal interface ITaskPredictor
{
    /// <summary>Puts an image into the frame that the network looks at; the caller disposes both.</summary>
    /// <param name="image">The image, decoded; of a giant photograph a smaller one.</param>
    /// <param name="info">The size of the original.</param>
    ImageBuffer Frame(ImageBuffer image, ImageInfo info);

    /// <summary>What is predicted on images that passed the network together, in pixels of the originals.</summary>
    /// <param name="output">What the model gave.</param>
    /// <param name="images">The images, in the order of the batch.</param>
    IReadOnlyList<ImagePrediction> Results(InferenceOutput output, IReadOnlyList<FramedImage> images);

    /// <summary>Writes the picture with what was predicted on it.</summary>
    void SavePicture(ImagePrediction prediction, string path);

    /// <summary>The rows of the text file of an image, in the reference's format; empty when nothing was predicted.</summary>
    string Text(ImagePrediction prediction);
}
