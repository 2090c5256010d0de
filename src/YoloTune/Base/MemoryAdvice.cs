using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>What to do when memory runs out in a cmdlet: which of its parameters take less.</summary>
internal static class MemoryAdvice
{
    private static readonly string[] Parameters = ["BatchSize", "ImageSize", "Workers"];

    /// <summary>The exception to show in place of what a library said.</summary>
    public static OutOfMemoryException For(CommandInfo command, Exception error)
    {
        string[] there = [.. Parameters.Where(command.Parameters.ContainsKey).Select(name => "-" + name)];
        string lower = there.Length == 0 ? "" : $"Lower {string.Join(" or ", there)}, ";
        string device = command.Parameters.ContainsKey("Device") ? " or choose another -Device" : "";
        string close = lower.Length == 0 ? "Close" : "close";
        return new($"There is not enough memory for {command.Name}. {lower}{close} other programs that use it{device}.", error);
    }
}
