using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Evaluation;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Turns decoded predictions into detections: a confidence filter, then greedy non-maximum suppression class by class. The work is bounded
/// by <see cref="NmsOptions.MaxCandidates"/> times <see cref="NmsOptions.MaxDetections"/> an image, so no image is ever given up.
/// End-to-end heads do not need it: see <see cref="EndToEndDetections"/>.
/// </summary>
internal static class NonMaxSuppression
{
    /// <summary>
    /// Boxes of different classes are moved apart by this many pixels before overlaps are computed, as the reference does. The classes are
    /// told apart here without it, but the rounding it brings to float32 coordinates decides overlaps that lie at the threshold.
    /// </summary>
    private const float ClassOffset = 7680;

    /// <summary>Picks the detections of every image of a batch.</summary>
    /// <param name="predictions">
    /// [N, 4 + classes + extra, A]: centre x, centre y, width, height in pixels, scores 0-1, then columns that are passed on.
    /// </param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">Thresholds and limits.</param>
    /// <returns>One set of detections an image, in the order of the batch; boxes as corners in the same pixels.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the class count, or a threshold is outside 0-1.</exception>
    public static Detections[] Run(torch.Tensor predictions, int classCount, NmsOptions options)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(options);
        Check(predictions, classCount);
        Check(options);
        return ForEachImage(predictions, classCount, options, RunImage);
    }

    /// <summary>Lets a suppression work on the predictions of each image, which are copied to the host.</summary>
    /// <param name="predictions">[N, 4 + classes + extra, A].</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">The confidence is used.</param>
    /// <param name="picker">The suppression.</param>
    internal static Detections[] ForEachImage(torch.Tensor predictions, int classCount, NmsOptions options, ImagePicker picker) =>
        // Of tens of thousands of anchors a few hundred have a score that counts: only these are copied from a graphics card.
        predictions.device_type == DeviceType.CPU
            ? RunOnHost(predictions, classCount, options, picker)
            : RunFiltered(predictions, classCount, options, picker);

    /// <summary>
    /// The same detections, with the anchors that no class scores above the confidence left out on the device. How many are left is read
    /// back once for the whole batch, and then they are, in one piece.
    /// </summary>
    internal static Detections[] RunFiltered(
        torch.Tensor predictions, int classCount, NmsOptions options, ImagePicker? picker = null)
    {
        picker ??= RunImage;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor all = predictions.detach().to(torch.ScalarType.Float32);
        torch.Tensor places = all.narrow(1, 4, classCount).gt((float)options.Confidence).any(1).nonzero();
        torch.Tensor image = places.select(1, 0), anchor = places.select(1, 1);
        torch.Tensor columns = all.transpose(1, 2).index(torch.TensorIndex.Tensor(image), torch.TensorIndex.Tensor(anchor)).cpu();
        long[] images = [.. image.cpu().contiguous().data<long>()];
        int[] anchors = [.. anchor.cpu().contiguous().data<long>().Select(id => (int)id)];
        int channels = (int)all.shape[1];
        Detections[] results = new Detections[all.shape[0]];
        // Places come image by image, and anchors in their order, so that equal scores keep their order too.
        int begin = 0;
        CandidateQueue queue = new();
        for (int i = 0; i < results.Length; i++)
        {
            int end = begin;
            while (end < images.Length && images[end] == i) end++;
            int count = end - begin;
            using torch.Tensor part = columns.narrow(0, begin, count).t().contiguous();
            results[i] = count == 0 ? Detections.Empty : picker(
                new(MemoryMarshal.Cast<byte, float>(part.bytes), channels, count, classCount), options, queue)
                .WithAnchors(anchors.AsSpan(begin, count));
            begin = end;
        }
        return results;
    }

    private static Detections[] RunOnHost(torch.Tensor predictions, int classCount, NmsOptions options, ImagePicker picker)
    {
        using torch.Tensor values = ToHost(predictions);
        int channels = (int)values.shape[1], anchors = (int)values.shape[2];
        Detections[] results = new Detections[values.shape[0]];
        Parallel.For(0, results.Length, () => new CandidateQueue(), (i, _, queue) =>
        {
            using torch.Tensor image = values[i];
            results[i] = picker(new(MemoryMarshal.Cast<byte, float>(image.bytes), channels, anchors, classCount), options, queue);
            return queue;
        }, _ => { });
        return results;
    }

    /// <summary>
    /// The predictions as contiguous float32 in the host's memory: a new handle, on the same memory where nothing had to change.
    /// </summary>
    internal static torch.Tensor ToHost(torch.Tensor predictions)
    {
        using IDisposable scope = torch.NewDisposeScope();
        return predictions.detach().to(torch.ScalarType.Float32).cpu().contiguous().alias().DetachFromDisposeScope();
    }

    internal static void Check(torch.Tensor predictions, int classCount)
    {
        if (predictions.dim() == 3 && classCount > 0 && predictions.shape[1] >= 4 + classCount) return;
        string shape = string.Join(", ", predictions.shape);
        throw new ArgumentException($"Predictions [{shape}] are not [N, 4 + {classCount} classes + extra, A].", nameof(predictions));
    }

    internal static void Check(NmsOptions options)
    {
        if (options.Confidence is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"The confidence {options.Confidence} is not between 0 and 1.", nameof(options));
        }
        if (options.IoU is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"The IoU {options.IoU} is not between 0 and 1.", nameof(options));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDetections, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxCandidates, nameof(options));
    }

    private static Detections RunImage(in ImageCandidates image, NmsOptions options, CandidateQueue queue)
    {
        image.Fill(queue, options);
        if (queue.Count == 0) return Detections.Empty;
        ReadOnlySpan<float> values = image.Values;
        (int anchors, int classes) = (image.Anchors, image.Classes);

        KeptBoxes kept = new(Math.Min(options.MaxDetections, queue.Count), options.Agnostic ? 1 : classes);
        for (int budget = Math.Min(options.MaxCandidates, queue.Count); budget > 0 && !kept.IsFull; budget--)
        {
            int position = queue.Take();
            int anchor = position / classes, classId = position % classes;
            float halfWidth = values[(2 * anchors) + anchor] / 2, halfHeight = values[(3 * anchors) + anchor] / 2;
            float x = values[anchor], y = values[anchors + anchor];
            float shift = options.Agnostic ? 0 : classId * ClassOffset;
            kept.Offer(
                position, options.Agnostic ? 0 : classId, options.IoU,
                x - halfWidth + shift, y - halfHeight + shift, x + halfWidth + shift, y + halfHeight + shift);
        }
        return Collect(values, image.Channels, anchors, classes, kept.Positions);
    }

    private static Detections Collect(ReadOnlySpan<float> values, int channels, int anchors, int classes, ReadOnlySpan<int> positions)
    {
        int extra = channels - 4 - classes, columns = Detections.FixedColumns + extra;
        float[] rows = new float[positions.Length * columns];
        int[] kept = new int[positions.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            int anchor = kept[i] = positions[i] / classes, classId = positions[i] % classes;
            float halfWidth = values[(2 * anchors) + anchor] / 2, halfHeight = values[(3 * anchors) + anchor] / 2;
            float x = values[anchor], y = values[anchors + anchor];
            Span<float> row = rows.AsSpan(i * columns, columns);
            row[0] = x - halfWidth;
            row[1] = y - halfHeight;
            row[2] = x + halfWidth;
            row[3] = y + halfHeight;
            row[4] = values[((4 + classId) * anchors) + anchor];
            row[5] = classId;
            for (int e = 0; e < extra; e++) row[6 + e] = values[((4 + classes + e) * anchors) + anchor];
        }
        return new Detections(rows, kept, columns);
    }

    /// <summary>The boxes that survived so far, chained by class.</summary>
    private sealed class KeptBoxes
    {
        private readonly (float X1, float Y1, float X2, float Y2, float Area, int Next)[] _boxes;
        private readonly int[] _positions;
        private readonly int[] _last;
        private int _count;

        public KeptBoxes(int capacity, int chains)
        {
            _boxes = new (float, float, float, float, float, int)[capacity];
            _positions = new int[capacity];
            _last = new int[chains];
            Array.Fill(_last, -1);
        }

        public bool IsFull => _count == _boxes.Length;

        public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _count);

        public void Offer(int position, int chain, double limit, float x1, float y1, float x2, float y2)
        {
            float area = (x2 - x1) * (y2 - y1);
            for (int k = _last[chain]; k >= 0;)
            {
                ref readonly var other = ref _boxes[k];
                float width = Math.Min(x2, other.X2) - Math.Max(x1, other.X1), height = Math.Min(y2, other.Y2) - Math.Max(y1, other.Y1);
                float overlap = Math.Max(0, width) * Math.Max(0, height);
                if (overlap / (area + other.Area - overlap) > limit) return;
                k = other.Next;
            }
            _boxes[_count] = (x1, y1, x2, y2, area, _last[chain]);
            _positions[_count] = position;
            _last[chain] = _count++;
        }
    }
}
