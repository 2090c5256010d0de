using System.Management.Automation;
using System.Management.Automation.Language;
using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>What a completer may look at of the session. Only variables are read; nothing on the line is run.</summary>
internal static class SessionValues
{
    /// <summary>PowerShell's location in the file system, or null where there is none.</summary>
    public static string? Location =>
        Evaluate("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath") as string;

    /// <summary>
    /// The model that a command on the line works on, as far as it stands in a variable: its -Model, or what begins its pipeline.
    /// </summary>
    public static YoloModel? ModelOf(CommandAst command, System.Collections.IDictionary bound)
    {
        foreach (string name in new[] { "Model", "Reference" })
        {
            if (Plain(bound[name]) is YoloModel given) return given;
        }
        // What is piped passes through the cmdlets before this one: they all hand their model on.
        if (command.Parent is PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst piped }, ..] })
        {
            return Variable(piped);
        }
        // A model by position, which is not bound while a later argument of the same line is incomplete.
        return command.CommandElements is [_, VariableExpressionAst first, ..] ? Variable(first) : null;
    }

    private static YoloModel? Variable(VariableExpressionAst variable) => Evaluate(variable.Extent.Text) switch
    {
        YoloModel model => model,
        object[] list => list.Select(Plain).OfType<YoloModel>().FirstOrDefault(),
        _ => null,
    };

    private static object? Evaluate(string expression)
    {
        if (System.Management.Automation.Runspaces.Runspace.DefaultRunspace is null) return null;
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        try
        {
            return Plain(shell.AddScript(expression).Invoke().FirstOrDefault());
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
