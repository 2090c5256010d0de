using YoloTune.Evaluation;

namespace YoloTune.Tasks.Shared;

/// <summary>Picks the detections of one image.</summary>
internal delegate Detections ImagePicker(in ImageCandidates image, NmsOptions options, CandidateQueue queue);

/// <summary>The decoded predictions of one image, in the host's memory.</summary>
/// <param name="values">[4 + classes + extra, A].</param>
/// <param name="channels">4 + classes + extra.</param>
/// <param name="anchors">A.</param>
/// <param name="classes">Number of classes.</param>
internal readonly ref struct ImageCandidates(ReadOnlySpan<float> values, int channels, int anchors, int classes)
{
    /// <summary>[4 + classes + extra, A].</summary>
    public ReadOnlySpan<float> Values { get; } = values;

    /// <summary>4 + classes + extra.</summary>
    public int Channels { get; } = channels;

    /// <summary>Number of anchors.</summary>
    public int Anchors { get; } = anchors;

    /// <summary>Number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>Replaces the content of a queue by what may become a detection.</summary>
    public void Fill(CandidateQueue queue, NmsOptions options)
    {
        ReadOnlySpan<float> scores = Values.Slice(4 * Anchors, Classes * Anchors);
        bool[]? keep = ClassMask(options.Classes);
        if (options.MultiLabel && Classes > 1) queue.FillAll(scores, Anchors, Classes, (float)options.Confidence, keep);
        else queue.FillBest(scores, Anchors, Classes, (float)options.Confidence, keep);
    }

    private bool[]? ClassMask(IReadOnlyCollection<int>? wanted)
    {
        if (wanted is null) return null;
        bool[] keep = new bool[Classes];
        foreach (int c in wanted)
        {
            if (c >= 0 && c < keep.Length) keep[c] = true;
        }
        return keep;
    }
}
