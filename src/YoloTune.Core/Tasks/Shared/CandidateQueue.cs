using System.Numerics;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The candidates of one image, taken out best first and, among equal scores, in the order of anchor and then class. A binary heap rather
/// than a sort: suppression mostly needs a few hundred of what can be hundreds of thousands.
/// </summary>
internal sealed class CandidateQueue
{
    private ulong[] _keys = new ulong[4096];

    public int Count { get; private set; }

    /// <summary>Replaces the content by every class of every anchor whose score exceeds the threshold.</summary>
    /// <param name="scores">Scores [classes, anchors].</param>
    /// <param name="anchors">Number of anchors.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="threshold">Scores must be greater; not negative.</param>
    /// <param name="keep">Which classes count; null for all.</param>
    public void FillAll(ReadOnlySpan<float> scores, int anchors, int classes, float threshold, bool[]? keep)
    {
        Count = 0;
        for (int c = 0; c < classes; c++)
        {
            if (keep is not null && !keep[c]) continue;
            ReadOnlySpan<float> row = scores.Slice(c * anchors, anchors);
            for (int a = NextAbove(row, 0, threshold); a < anchors; a = NextAbove(row, a + 1, threshold))
            {
                Append(row[a], (a * classes) + c);
            }
        }
        Heapify();
    }

    /// <summary>Replaces the content by the best class of every anchor where that exceeds the threshold and is one of those kept.</summary>
    public void FillBest(ReadOnlySpan<float> scores, int anchors, int classes, float threshold, bool[]? keep)
    {
        Count = 0;
        float[] best = new float[anchors];
        int[] bestClass = new int[anchors];
        for (int c = 0; c < classes; c++)
        {
            ReadOnlySpan<float> row = scores.Slice(c * anchors, anchors);
            for (int a = NextAbove(row, 0, threshold); a < anchors; a = NextAbove(row, a + 1, threshold))
            {
                if (row[a] <= best[a]) continue;
                best[a] = row[a];
                bestClass[a] = c;
            }
        }
        for (int a = 0; a < anchors; a++)
        {
            if (best[a] > threshold && (keep is null || keep[bestClass[a]])) Append(best[a], (a * classes) + bestClass[a]);
        }
        Heapify();
    }

    /// <summary>Takes out the best candidate.</summary>
    /// <returns>anchor * classes + class.</returns>
    public int Take()
    {
        ulong top = _keys[0];
        Count--;
        _keys[0] = _keys[Count];
        SiftDown(0);
        return (int)(uint)top;
    }

    private static int NextAbove(ReadOnlySpan<float> row, int start, float threshold)
    {
        int i = start;
        Vector<float> limit = new(threshold);
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (!Vector.GreaterThanAny(new Vector<float>(row.Slice(i, Vector<float>.Count)), limit)) continue;
            while (!(row[i] > threshold)) i++;
            return i;
        }
        while (i < row.Length && !(row[i] > threshold)) i++;
        return i;
    }

    private void Append(float score, int position)
    {
        if (Count == _keys.Length) Array.Resize(ref _keys, _keys.Length * 2);
        // Bits of non-negative floats order as the floats do, so the smallest key is the best score and, in a tie, the first position.
        _keys[Count++] = ((ulong)~BitConverter.SingleToUInt32Bits(score) << 32) | (uint)position;
    }

    private void Heapify()
    {
        for (int i = (Count / 2) - 1; i >= 0; i--) SiftDown(i);
    }

    private void SiftDown(int hole)
    {
        if (hole >= Count) return;
        ulong moving = _keys[hole];
        for (int child = (2 * hole) + 1; child < Count; child = (2 * hole) + 1)
        {
            if (child + 1 < Count && _keys[child + 1] < _keys[child]) child++;
            if (_keys[child] >= moving) break;
            _keys[hole] = _keys[child];
            hole = child;
        }
        _keys[hole] = moving;
    }
}
