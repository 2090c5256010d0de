using System.Runtime.InteropServices;
using YoloTune.Basics;
using YoloTune.Devices;

namespace YoloTune.Runs.Reports;

/// <summary>What a run ran on.</summary>
internal static class Machine
{
    /// <summary>Names and values.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Facts() =>
    [
        new("YoloTune", typeof(Machine).Assembly.GetName().Version?.ToString(3) ?? ""),
        .. YoloDevice.All().Select(device => KeyValuePair.Create(device.Name, FormattableString.Invariant(
            $"{device.Description}, {device.TotalMemory / (1024.0 * 1024 * 1024):0.0} GiB{(device.BFloat16 ? ", bfloat16" : "")}"))),
        new("Processors", Counted.Of(Environment.ProcessorCount, "core")),
        new("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("TorchSharp", typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3) ?? ""),
        new("Written", DateTime.Now.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
