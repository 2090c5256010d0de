namespace YoloTune.Networks.Modules;

/// <summary>The activation functions a block can have; the names are PyTorch's.</summary>
internal enum ActivationKind
{
    /// <summary>None.</summary>
    Identity,

    /// <summary>x · sigmoid(x).</summary>
    SiLU,

    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>x where positive, 0.1 x elsewhere: the slope of darknet's networks.</summary>
    LeakyReLU,

    /// <summary>The piecewise approximation of SiLU that early YOLOv5 releases used.</summary>
    Hardswish,

    /// <summary>x · Φ(x).</summary>
    GELU,

    /// <summary>x · tanh(softplus(x)).</summary>
    Mish,

    /// <summary>Logistic function.</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}
