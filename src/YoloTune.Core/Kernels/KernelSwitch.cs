namespace YoloTune.Kernels;

/// <summary>
/// Decides whether our own kernels are used where the processor has the instructions for them. The environment variable YOLOTUNE_KERNELS
/// with the value <c>off</c> leaves all work to libtorch, to compare or to rule the kernels out as the cause of something.
/// </summary>
internal static class KernelSwitch
{
    private const string Variable = "YOLOTUNE_KERNELS", Off = "off";
    private static readonly bool Wanted =
        !Off.Equals(Environment.GetEnvironmentVariable(Variable), StringComparison.OrdinalIgnoreCase);

    private static readonly AsyncLocal<bool?> Forced = new();

    /// <summary>Whether the kernels are used.</summary>
    public static bool IsOn => Lanes8.IsSupported && (Forced.Value ?? Wanted);

    /// <summary>Uses the kernels, or not, in what follows on this thread until the result is disposed; for tests.</summary>
    public static IDisposable Force(bool on)
    {
        bool? before = Forced.Value;
        Forced.Value = on;
        return new Restorer(before);
    }

    private sealed class Restorer(bool? before) : IDisposable
    {
        public void Dispose() => Forced.Value = before;
    }
}
