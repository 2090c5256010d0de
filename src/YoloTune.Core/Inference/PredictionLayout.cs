namespace YoloTune.Inference;

/// <summary>How the predictions of a detector are laid out, which decides what is left to do with them.</summary>
internal enum PredictionLayout
{
    /// <summary>[N, 4 + classes + extras, A]: centre, size, scores for each anchor; overlapping ones are to be suppressed.</summary>
    Anchors,

    /// <summary>[N, 4 + classes + extras, A]: corners, scores for each anchor of an end-to-end head; the best are to be picked.</summary>
    EndToEndAnchors,

    /// <summary>[N, k, 6 + extras]: rows that are chosen already, best first.</summary>
    Rows,
}
