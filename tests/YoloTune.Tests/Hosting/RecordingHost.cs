using System.Globalization;
using System.Management.Automation.Host;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>A host that records what it is told to show and answers prompts from a queue.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingUserInterface userInterface = new();

    public override string Name => "YoloTune tests";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override RecordingUserInterface UI => userInterface;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.GetCultureInfo("en-US");

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
