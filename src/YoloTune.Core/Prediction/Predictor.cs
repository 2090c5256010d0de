using TorchSharp;
using YoloTune.Basics;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Tasks.Shared;

namespace YoloTune.Prediction;

/// <summary>
/// Finds objects on image files. The order of the images is kept, and what is found on one does not depend on which others stand beside it:
/// images share a forward pass only where they come out equally large anyway.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly IInference _inference;
    private readonly IReadOnlyList<string> _classNames;
    private readonly PredictionOptions _options;
    private readonly NmsOptions _nms;
    private readonly int _stride;
    private readonly int _size;

    /// <summary>Makes a network ready.</summary>
    /// <param name="network">The network; weights are left as they are.</param>
    /// <param name="classNames">A name for every class.</param>
    /// <param name="options">How to look; null for the defaults.</param>
    /// <exception cref="ModelFormatException">The network does not predict upright boxes.</exception>
    internal Predictor(YoloNetwork network, IReadOnlyList<string> classNames, PredictionOptions? options = null)
        : this(Open(network, classNames, options ??= new()), classNames, options, network.Strides.Max(), network.Plan.Task.DefaultImageSize)
    {
    }

    private Predictor(IInference inference, IReadOnlyList<string> classNames, PredictionOptions options, int stride, int ownSize)
    {
        (_inference, _classNames, _options, _stride) = (inference, classNames, options, stride);
        _nms = options.ToNmsOptions();
        _size = ((options.ImageSize ?? ownSize) + stride - 1) / stride * stride;
    }

    /// <summary>The longer side that images are fitted into, in pixels.</summary>
    public int ImageSize => _inference.FixedSize is var (height, width) ? Math.Max(height, width) : _size;

    /// <summary>Makes a model or an .onnx file ready.</summary>
    /// <param name="detector">The detector; left as it is. A file with a fixed image size decides the size.</param>
    /// <param name="options">How to look; null for the defaults.</param>
    /// <exception cref="ModelFormatException">It does not predict upright boxes, or the file cannot be read.</exception>
    /// <exception cref="SelectionException">The number format is not available.</exception>
    public static Predictor For(IYoloDetector detector, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        options ??= new();
        Check(options);
        return new(DetectorInference.Open(detector, options.Fuse, options.Precision), detector.ClassNames, options, detector.Stride,
            detector.ImageSize);
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
        foreach (string[] window in paths.Chunk(_options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ImagePrediction prediction in PredictWindow(window, onError)) yield return prediction;
        }
    }

    /// <summary>Frees what was made ready.</summary>
    public void Dispose() => _inference.Dispose();

    private static InferenceNetwork Open(YoloNetwork network, IReadOnlyList<string> classNames, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count != network.ClassCount)
        {
            throw new ArgumentException($"{classNames.Count} class names do not fit {network.ClassCount} classes.", nameof(classNames));
        }
        Check(options);
        return new(network, options.Fuse, options.Precision);
    }

    private static void Check(PredictionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ImageSize ?? 1, 1, nameof(options));
    }

    private List<ImagePrediction> PredictWindow(string[] paths, Action<string, DatasetException>? onError)
    {
        Frame?[] frames = new Frame?[paths.Length];
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
            Detections?[] found = new Detections?[paths.Length];
            foreach (var group in Enumerable.Range(0, paths.Length).Where(i => frames[i] is not null)
                .GroupBy(i => (frames[i]!.Image.Height, frames[i]!.Image.Width)))
            {
                int[] members = [.. group];
                Detections[] results = Detect([.. members.Select(i => frames[i]!.Image)]);
                for (int k = 0; k < members.Length; k++) found[members[k]] = results[k];
            }
            List<ImagePrediction> predictions = [];
            for (int i = 0; i < paths.Length; i++)
            {
                if (errors[i] is not { } error) predictions.Add(ToPrediction(paths[i], frames[i]!, found[i]!));
                else if (onError is null) throw error;
                else onError(paths[i], error);
            }
            return predictions;
        }
        finally
        {
            foreach (Frame? frame in frames) frame?.Image.Dispose();
        }
    }

    private Frame Read(string path)
    {
        (int height, int width) = _inference.FixedSize ?? (_size, _size);
        bool auto = _options.Rectangular && _inference.FixedSize is null;
        using ImageBuffer image = ImageDecoder.Decode(path, out ImageInfo info);
        // The geometry follows the original: the decoder has to reduce a giant photograph.
        LetterboxGeometry geometry = Letterbox.Fit(info.Height, info.Width, height, width, auto: auto, stride: _stride);
        return new Frame(Letterbox.Apply(image, geometry), info);
    }

    private Detections[] Detect(IReadOnlyList<ImageBuffer> images)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor pixels = PlanarRgb.ToTensor(images);
        return BoxPostprocessor.Select(_inference, _inference.Predict(_inference.Prepare(pixels)).Predictions, _nms);
    }

    private ImagePrediction ToPrediction(string path, Frame frame, Detections found)
    {
        YoloDetection[] detections = new YoloDetection[found.Count];
        float[] box = new float[4];
        for (int d = 0; d < detections.Length; d++)
        {
            found.Box(d).CopyTo(box);
            Letterbox.ToOriginal(box, frame.Image.Height, frame.Image.Width, frame.Info.Height, frame.Info.Width);
            int classId = found.ClassId(d);
            detections[d] = new YoloDetection(path, classId, _classNames[classId], found.Confidence(d), box[0], box[1], box[2], box[3])
            {
                ImageSize = ImageSize,
            };
        }
        return new ImagePrediction(path, frame.Info.Height, frame.Info.Width, detections)
        {
            LacksEnd = frame.Info.LacksEnd,
        };
    }

    private sealed record Frame(ImageBuffer Image, ImageInfo Info);
}
