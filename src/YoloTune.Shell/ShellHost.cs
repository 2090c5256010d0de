using System.Globalization;
using System.Management.Automation.Host;

namespace YoloTune.Shell;

/// <summary>The host that the engine talks to.</summary>
internal sealed class ShellHost : PSHost
{
    public ShellHost(Terminal terminal, Action stop)
    {
        Screen = new(terminal, stop);
    }

    /// <summary>What runs an inner prompt until it is left; null where nobody sits at a keyboard.</summary>
    public Action? NestedPrompt { get; set; }

    /// <summary>Whether the inner prompt is to be left.</summary>
    public bool LeaveNestedPrompt { get; set; }

    /// <summary>What <c>exit</c> was called with.</summary>
    public int? ExitCode { get; private set; }

    public ShellUserInterface Screen { get; }

    public override PSHostUserInterface UI => Screen;

    public override string Name => "YoloTune.Shell";

    public override Version Version { get; } = new(Program.Version);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt()
    {
        if (NestedPrompt is null) throw new HostException("There is no prompt to suspend to: nobody sits at a keyboard.");
        NestedPrompt();
    }

    public override void ExitNestedPrompt() => LeaveNestedPrompt = true;

    public override void NotifyBeginApplication() => Screen.EndPipeline();

    public override void NotifyEndApplication()
    {
    }
}
