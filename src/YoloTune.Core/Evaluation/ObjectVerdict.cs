namespace YoloTune.Evaluation;

/// <summary>What became of a label or of a prediction when both were compared.</summary>
public enum ObjectVerdict
{
    /// <summary>Nothing was compared.</summary>
    None,

    /// <summary>Label and prediction belong together: same class, enough overlap.</summary>
    Correct,

    /// <summary>Same class, too little overlap.</summary>
    Misplaced,

    /// <summary>Enough overlap, another class.</summary>
    Confused,

    /// <summary>A label that nothing was predicted for.</summary>
    Missed,

    /// <summary>A prediction of nothing that is labelled.</summary>
    False,
}
