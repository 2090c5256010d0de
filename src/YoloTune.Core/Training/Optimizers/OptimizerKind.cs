namespace YoloTune.Training.Optimizers;

/// <summary>How weights follow their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>Chosen by the length of the run: AdamW for short runs, MuSGD for long ones.</summary>
    Auto,

    /// <summary>Stochastic gradient descent with Nesterov momentum.</summary>
    SGD,

    /// <summary>Adam (Kingma and Ba 2015), decay added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>RMSprop with momentum (Hinton 2012).</summary>
    RMSProp,

    /// <summary>Adam with Nesterov momentum (Dozat 2016).</summary>
    NAdam,

    /// <summary>Nesterov SGD with an orthogonalised step for matrices and kernels (Jordan 2024, "Muon").</summary>
    MuSGD,
}
