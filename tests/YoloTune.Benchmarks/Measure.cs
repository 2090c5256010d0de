namespace YoloTune.Benchmarks;

/// <summary>Collects samples by name, in the order the names first come up.</summary>
internal sealed class Measure
{
    private readonly List<string> order = [];
    private readonly Dictionary<string, List<double>> samples = new(StringComparer.Ordinal);

    /// <summary>
    /// Runs every piece of work once for warm-up and then once a round, one after the other, so that whatever slows the machine down for a
    /// while meets all of them.
    /// </summary>
    public static Measure Interleaved(int rounds, params IEnumerable<Action<Measure>> work)
    {
        Action<Measure>[] all = [.. work];
        Measure warmUp = new(), result = new();
        foreach (Action<Measure> one in all) one(warmUp);
        for (int round = 0; round < rounds; round++)
        {
            foreach (Action<Measure> one in all) one(result);
        }
        return result;
    }

    /// <summary>Notes a sample.</summary>
    public void Add(string name, double value)
    {
        if (!samples.TryGetValue(name, out List<double>? list))
        {
            samples.Add(name, list = []);
            order.Add(name);
        }
        list.Add(value);
    }

    /// <summary>Notes the milliseconds that work takes, divided by the number of things it does.</summary>
    public void Time(string name, Action work, double things = 1)
    {
        Clock clock = Clock.Start();
        work();
        Add(name, clock.Milliseconds / things);
    }

    public bool Has(string name) => samples.ContainsKey(name);

    public double Median(string name)
    {
        double[] sorted = [.. samples[name].Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median over the rounds of the quotient of two samples of one round: what slows a round down cancels out.</summary>
    public double Ratio(string name, string other)
    {
        Measure quotients = new();
        foreach ((double first, double second) in samples[name].Zip(samples[other])) quotients.Add(name, first / second);
        return quotients.Median(name);
    }

    public double Least(string name) => samples[name].Min();

    public double Most(string name) => samples[name].Max();
}
