using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Devices;

/// <summary>Finds out whether libtorch can compute on a graphics card at all, before a model is moved to it.</summary>
internal static class CardCheck
{
    // What CUDA says of a card that is older, or newer, than those the library was compiled for.
    private const string NoKernel = "no kernel image";

    private static readonly ConcurrentDictionary<int, bool> Passed = new();

    /// <summary>Computes one number on a card, once in a process.</summary>
    /// <exception cref="SelectionException">libtorch has no kernels for the card.</exception>
    public static void Require(int index)
    {
        if (Passed.ContainsKey(index)) return;
        Require(index, () => Probe(torch.device(DeviceType.CUDA, index)), CudaDriver.Devices);
        Passed[index] = true;
    }

    /// <summary>The same with another computation and other cards, for tests.</summary>
    internal static void Require(int index, Action probe, Func<IReadOnlyList<DeviceInfo>> cards)
    {
        try
        {
            probe();
        }
        catch (ExternalException error) when (error.Message.Contains(NoKernel, StringComparison.OrdinalIgnoreCase))
        {
            DeviceInfo? card = cards().ElementAtOrDefault(index);
            string name = card is null ? "The card" : $"'{card.Description}', compute capability {card.ComputeCapability},";
            throw new SelectionException(
                FormattableString.Invariant($"{name} cannot be used as cuda:{index}: the libtorch of this build has no kernels for it."),
                remedy: "Use -Device cpu or another card; Get-YoloDevice lists them.", inner: error);
        }
    }

    private static void Probe(torch.Device device)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _ = (torch.ones([1], device: device) + 1).cpu();
    }
}
