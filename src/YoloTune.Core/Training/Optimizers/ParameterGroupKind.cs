namespace YoloTune.Training.Optimizers;

/// <summary>What the parameters of a group are.</summary>
internal enum ParameterGroupKind
{
    /// <summary>Weights, with decay.</summary>
    Weight,

    /// <summary>Scales of normalisation layers, without decay.</summary>
    Normalization,

    /// <summary>Biases, those of normalisation layers included, without decay.</summary>
    Bias,

    /// <summary>Weights of two and more dimensions that take MuSGD's orthogonalised step, with decay.</summary>
    Muon,
}
