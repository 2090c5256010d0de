namespace YoloTune.Training.Optimizers;

/// <summary>
/// The factor on the loss that keeps float16 gradients from vanishing. It halves when a gradient overflows, in which case the step is
/// skipped, and doubles after many good steps (Micikevicius et al. 2018, "Mixed Precision Training", section 3.2).
/// </summary>
internal sealed class GradientScaler
{
    /// <summary>Good steps after which the factor doubles.</summary>
    public const int GrowthInterval = 2000;

    /// <summary>The factor of the next backward pass.</summary>
    public double Scale { get; private set; } = 65536;

    /// <summary>Good steps since the factor changed.</summary>
    public int GoodSteps { get; private set; }

    /// <summary>Steps skipped so far.</summary>
    public int Skipped { get; private set; }

    /// <summary>Takes up the values of an earlier run.</summary>
    public void Restore(double scale, int goodSteps) => (Scale, GoodSteps) = (scale, goodSteps);

    /// <summary>Takes note of a step. Returns true when the optimiser may go on, false when the step is to be skipped.</summary>
    /// <param name="finite">Whether all gradients were finite.</param>
    public bool Update(bool finite)
    {
        if (!finite)
        {
            Scale /= 2;
            GoodSteps = 0;
            Skipped++;
            return false;
        }
        if (++GoodSteps == GrowthInterval)
        {
            Scale *= 2;
            GoodSteps = 0;
        }
        return true;
    }
}
