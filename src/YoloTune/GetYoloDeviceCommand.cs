using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Devices;

namespace YoloTune.Commands;

/// <summary>Lists the devices that can train and predict on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "YoloDevice")]
[OutputType(typeof(DeviceInfo))]
public sealed class GetYoloDeviceCommand : YoloCmdlet
{
    /// <summary>Names to list; wildcards are allowed. All devices when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        IReadOnlyList<DeviceInfo> devices = YoloDevice.All();
        foreach (string name in Name)
        {
            WildcardPattern pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            DeviceInfo[] matches = [.. devices.Where(device => pattern.IsMatch(device.Name))];
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(new SelectionException($"There is no device '{name}' here.",
                    remedy: $"There are: {string.Join(", ", devices)}."), name);
            }
            WriteObject(matches, enumerateCollection: true);
        }
        foreach (DeviceInfo device in YoloDevice.Unusable())
        {
            WriteVerbose($"{device.Description} is there, but this build carries the cpu backend only.");
        }
    }
}
