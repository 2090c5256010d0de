namespace YoloTune.Kernels;

/// <summary>The numbers of one step of Adam for one parameter.</summary>
/// <param name="Keep">What the value is multiplied by before it moves: decoupled decay.</param>
/// <param name="Decay">Fraction of the value that is added to the gradient: coupled decay.</param>
/// <param name="MeanDecay">Decay of the mean gradient.</param>
/// <param name="MeanShare">Fraction of the new gradient in the mean.</param>
/// <param name="SquareDecay">Decay of the mean square.</param>
/// <param name="SquareShare">Fraction of the new square.</param>
/// <param name="RootScale">Corrects the root of the mean square for its start at zero.</param>
/// <param name="Epsilon">Keeps the quotient finite.</param>
/// <param name="Rate">The learning rate, corrected for the mean's start at zero.</param>
internal readonly record struct AdamFactors(
    float Keep, float Decay, float MeanDecay, float MeanShare, float SquareDecay, float SquareShare, float RootScale, float Epsilon, float Rate);
