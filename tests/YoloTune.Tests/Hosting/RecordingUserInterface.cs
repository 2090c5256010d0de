using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>Records text and progress; a prompt takes the next of <see cref="Answers"/>, or its default.</summary>
internal sealed class RecordingUserInterface : PSHostUserInterface
{
    private readonly StringBuilder text = new();

    /// <summary>Labels of choices to give, such as "Yes".</summary>
    public Queue<string> Answers { get; } = new();

    /// <summary>The prompts that were asked.</summary>
    public List<string> Questions { get; } = [];

    public ConcurrentQueue<ProgressRecord> Progress { get; } = new();

    public override PSHostRawUserInterface RawUI { get; } = new RecordingRawUserInterface();

    public string TakeText()
    {
        lock (text)
        {
            string taken = text.ToString();
            text.Clear();
            return taken;
        }
    }

    public override void Write(string value)
    {
        // As a console without colours does: stripping is the host's own duty.
        lock (text) text.Append(GetOutputString(value, supportsVirtualTerminal: false));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => WriteLine("ERROR: " + value);

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Enqueue(record);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Add($"{caption}\n{message}");
        if (!Answers.TryDequeue(out string? answer)) return defaultChoice;
        int index = choices.ToList().FindIndex(choice => choice.Label.Replace("&", "", StringComparison.Ordinal) == answer);
        return index >= 0 ? index : throw new InvalidOperationException($"There is no choice '{answer}'.");
    }

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException(caption + message);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedTypes,
        PSCredentialUIOptions options) =>
        throw new NotSupportedException();
}
