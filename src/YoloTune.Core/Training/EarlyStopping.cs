namespace YoloTune.Training;

/// <summary>Ends a run whose fitness has not improved for a while.</summary>
/// <param name="patience">Epochs without improvement after which the run ends; 0 never ends it.</param>
internal sealed class EarlyStopping(int patience)
{
    /// <summary>The best fitness so far; 0 before the first.</summary>
    public double BestFitness { get; private set; }

    /// <summary>The epoch of the best fitness, in the caller's counting; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Whether the next epoch may end the run, so that it has to be validated.</summary>
    public bool MayStopNext { get; private set; }

    /// <summary>Takes note of an epoch. Returns true when the run is to end.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="fitness">Its fitness; null when it was not validated, which changes nothing.</param>
    public bool Update(int epoch, double? fitness)
    {
        if (fitness is not double value) return false;
        if (double.IsNaN(value)) value = 0;
        // A fitness of 0 is no result at all: as long as there is none, the clock does not start.
        if (value > BestFitness || BestFitness == 0)
        {
            BestFitness = value;
            BestEpoch = epoch;
        }
        int waited = epoch - BestEpoch;
        MayStopNext = patience > 0 && waited >= patience - 1;
        return patience > 0 && waited >= patience;
    }

    /// <summary>Takes up the state of an earlier run.</summary>
    public void Restore(double bestFitness, int bestEpoch) => (BestFitness, BestEpoch) = (bestFitness, bestEpoch);
}
