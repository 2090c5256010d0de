using TorchSharp;
using YoloTune.Basics;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Prediction;

/// <summary>
/// Finds objects on image files, or what class they have. The order of the images is kept, and what is found on one does not depend on
/// which others stand beside it:
/// images share a forward pass only where they come out equally large anyway.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly IInference _inference;
    private readonly ITaskPredictor _task;
    private readonly PredictionSetup _setup;

    /// <summary>Makes a network ready.</summary>
    /// <param name="network">The network; weights are left as they are.</param>
    /// <param name="classNames">A name for every class.</param>
    /// <param name="options">How to look; null for the defaults.</param>
    /// <exception cref="ModelFormatException">Networks of this task do not predict here.</exception>
    internal Predictor(YoloNetwork network, IReadOnlyList<string> classNames, PredictionOptions? options = null)
        : this(TaskOf(network, classNames, options ??= new()), new InferenceNetwork(network, options.Fuse, options.Precision), classNames,
            options, Math.Max(network.Strides.Max(), network.Plan.Task.LeastSizeStep), network.Plan.Task.DefaultImageSize,
            network.Head?.Shape)
    {
    }

    private Predictor(
        IPredictingTask task, IInference inference, IReadOnlyList<string> classNames, PredictionOptions options, int stride, int ownSize,
        HeadShape? shape, IReadOnlyDictionary<int, IReadOnlyList<string>>? keypointNames = null)
    {
        _inference = inference;
        _setup = new(inference, classNames, options, stride, ((options.ImageSize ?? ownSize) + stride - 1) / stride * stride)
        {
            Shape = shape,
            KeypointNames = keypointNames ?? new Dictionary<int, IReadOnlyList<string>>(),
        };
        _task = task.CreatePredictor(_setup);
    }

    /// <summary>The longer side that images are fitted into, in pixels.</summary>
    public int ImageSize => _setup.ImageSize;

    /// <summary>Makes a model or an .onnx file ready.</summary>
    /// <param name="detector">The detector; left as it is. A file with a fixed image size decides the size.</param>
    /// <param name="options">How to look; null for the defaults.</param>
    /// <exception cref="ModelFormatException">Models of this task do not predict here, or the file cannot be read.</exception>
    /// <exception cref="SelectionException">The number format is not available.</exception>
    public static Predictor For(IYoloDetector detector, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        options ??= new();
        Check(options);
        IPredictingTask task = IPredictingTask.Of(detector.Task, detector.Name);
        return new(task, DetectorInference.Open(detector, options.Fuse, options.Precision), detector.ClassNames, options, detector.Stride,
            detector.ImageSize, detector.Shape, detector.KeypointNames);
    }

    /// <summary>Looks at images, one after the other as they are asked for.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="onError">Receives a file that cannot be read, which is then left out; null lets the error through.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="DatasetException">A file cannot be read and no handler was given.</exception>
    /// <exception cref="OperationCanceledException">The prediction was cancelled.</exception>
    public IEnumerable<ImagePrediction> Predict(
        IEnumerable<string> paths, Action<string, DatasetException>? onError = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string[] window in paths.Chunk(_setup.Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ImagePrediction prediction in PredictWindow(window, onError)) yield return prediction;
        }
    }

    /// <summary>Frees what was made ready.</summary>
    public void Dispose() => _inference.Dispose();

    /// <summary>Writes an image with what was predicted on it.</summary>
    /// <param name="prediction">What was predicted.</param>
    /// <param name="path">The picture to write.</param>
    public void SavePicture(ImagePrediction prediction, string path) => _task.SavePicture(prediction, path);

    /// <summary>
    /// Writes the rows of an image to a text file. Where nothing was predicted no file is made, but one that is there becomes empty, so
    /// that
    /// it does not keep what an earlier run found.
    /// </summary>
    /// <param name="prediction">What was predicted.</param>
    /// <param name="path">The file.</param>
    /// <returns>Whether a file was written.</returns>
    public bool SaveText(ImagePrediction prediction, string path) => LabelText.WriteRows(path, _task.Text(prediction));

    private static IPredictingTask TaskOf(YoloNetwork network, IReadOnlyList<string> classNames, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count != network.ClassCount)
        {
            throw new ArgumentException($"{classNames.Count} class names do not fit {network.ClassCount} classes.", nameof(classNames));
        }
        Check(options);
        return IPredictingTask.Of(network.Plan.Task, network.Plan.Definition.Source);
    }

    private static void Check(PredictionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ImageSize ?? 1, 1, nameof(options));
    }

    private List<ImagePrediction> PredictWindow(string[] paths, Action<string, DatasetException>? onError)
    {
        FramedImage?[] frames = new FramedImage?[paths.Length];
        DatasetException?[] errors = new DatasetException?[paths.Length];
        try
        {
            Parallel.For(0, paths.Length, i =>
            {
                try
                {
                    frames[i] = Read(paths[i]);
                }
                catch (DatasetException error)
                {
                    errors[i] = error;
                }
            });
            ImagePrediction?[] found = new ImagePrediction?[paths.Length];
            foreach (var group in Enumerable.Range(0, paths.Length).Where(i => frames[i] is not null)
                .GroupBy(i => (frames[i]!.Image.Height, frames[i]!.Image.Width)))
            {
                int[] members = [.. group];
                IReadOnlyList<ImagePrediction> results = Look([.. members.Select(i => frames[i]!)]);
                for (int k = 0; k < members.Length; k++) found[members[k]] = results[k];
            }
            List<ImagePrediction> predictions = [];
            for (int i = 0; i < paths.Length; i++)
            {
                if (errors[i] is not { } error) predictions.Add(found[i]!);
                else if (onError is null) throw error;
                else onError(paths[i], error);
            }
            return predictions;
        }
        finally
        {
            foreach (FramedImage? frame in frames) frame?.Image.Dispose();
        }
    }

    private FramedImage Read(string path)
    {
        using ImageBuffer image = ImageDecoder.Decode(path, out ImageInfo info);
        return new(path, _task.Frame(image, info), info);
    }

    private IReadOnlyList<ImagePrediction> Look(IReadOnlyList<FramedImage> images)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor pixels = PlanarRgb.ToTensor([.. images.Select(image => image.Image)]);
        return _task.Results(_inference.Predict(_inference.Prepare(pixels)), images);
    }
}
