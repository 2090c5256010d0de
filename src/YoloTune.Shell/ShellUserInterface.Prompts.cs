using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace YoloTune.Shell;

/// <summary>What a pipeline asks: lines, choices, parameters that were left out, credentials.</summary>
internal sealed partial class ShellUserInterface
{
    public override string ReadLine() => Ask("");

    public override SecureString ReadLineAsSecureString()
    {
        SecureString secret = new();
        if (!terminal.Input)
        {
            foreach (char letter in Ask("")) secret.AppendChar(letter);
            return secret;
        }
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
                Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.AppendChar(key.KeyChar);
                Write("*");
            }
        }
        WriteLine();
        return secret;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        WriteHeading(caption, message);
        ChoiceKeys keys = new(choices);
        while (true)
        {
            string answer = Ask(keys.Describe(defaultChoice)).Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            int index = keys.Find(answer);
            if (index >= 0) return index;
            if (answer == "?") Write(keys.Help());
        }
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        WriteHeading(caption, message);
        Dictionary<string, PSObject> answers = [];
        foreach (FieldDescription field in descriptions)
        {
            string label = field.Label.Replace("&", "", StringComparison.Ordinal);
            if (label.Length == 0) label = field.Name;
            Type type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);
            answers[field.Name] = PSObject.AsPSObject(ReadValue(label, type));
        }
        return answers;
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        WriteHeading(caption, message);
        string user = string.IsNullOrEmpty(userName) ? Ask("User: ") : userName;
        Write($"Password for user {user}: ");
        return new(user, ReadLineAsSecureString());
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => PromptForCredential(caption, message, userName, targetName);

    private object ReadValue(string label, Type type)
    {
        if (type == typeof(SecureString))
        {
            Write($"{label}: ");
            return ReadLineAsSecureString();
        }
        if (type == typeof(PSCredential)) return PromptForCredential("", "", "", "");
        if (!type.IsArray) return ReadConverted($"{label}: ", type)!;

        List<object> items = [];
        while (ReadConverted(string.Create(CultureInfo.InvariantCulture, $"{label}[{items.Count}]: "), type.GetElementType()!, endsEmpty: true) is { } item)
            items.Add(item);
        Array array = Array.CreateInstance(type.GetElementType()!, items.Count);
        for (int i = 0; i < items.Count; i++) array.SetValue(items[i], i);
        return array;
    }

    private object? ReadConverted(string prompt, Type type, bool endsEmpty = false)
    {
        while (true)
        {
            string text = Ask(prompt);
            if (endsEmpty && text.Length == 0) return null;
            if (LanguagePrimitives.TryConvertTo(text, type, CultureInfo.InvariantCulture, out object value)) return value;
            WriteErrorLine($"'{text}' is not a {type.Name}.");
        }
    }

    private void WriteHeading(string caption, string message)
    {
        WriteLine();
        if (!string.IsNullOrEmpty(caption)) WriteLine(Styled(terminal.Colours ? PSStyle.Instance.Bold : "", caption));
        if (!string.IsNullOrEmpty(message)) WriteLine(message);
    }

    /// <summary>Reads one line. An end of input is an error: no answer must never be taken for a yes.</summary>
    private string Ask(string prompt)
    {
        EndPipeline();
        string? line;
        if (terminal.CanEdit)
        {
            LineResult result = new LineEditor(terminal).Read(prompt);
            if (result.Outcome == LineOutcome.Cancelled)
            {
                stop();
                throw new PipelineStoppedException();
            }
            line = result.Outcome == LineOutcome.Entered ? result.Text : null;
        }
        else
        {
            Write(prompt);
            line = Console.In.ReadLine();
        }
        atLineStart = true;
        return line ?? throw new HostException("A question was asked and the input has ended without an answer. "
            + "Give the parameter, or -Confirm:$false, on the command line.");
    }
}
