using System.Management.Automation.Language;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Specs;

/// <summary>A file of specs and the calls of <c>It</c> in it, read without running it.</summary>
/// <param name="Name">The file's name up to <c>.Tests.ps1</c>.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Specs">The calls of <c>It</c> from top to bottom.</param>
internal sealed record SpecFile(string Name, string Path, IReadOnlyList<Spec> Specs)
{
    private const string Ending = ".Tests.ps1";

    /// <summary>All spec files of the checkout, in the order of their names.</summary>
    public static IEnumerable<SpecFile> All() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "tests"), "*" + Ending).Order(StringComparer.Ordinal).Select(Read);

    /// <summary>Reads one file.</summary>
    public static SpecFile Read(string path)
    {
        ScriptBlockAst script = Parser.ParseFile(path, out _, out ParseError[] errors);
        string name = System.IO.Path.GetFileName(path)[..^Ending.Length];
        // Pester says best what is wrong with a file that cannot be parsed, or has nothing in it.
        Spec[] specs = errors.Length > 0 ? [] : [.. script.FindAll(IsIt, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(ToSpec)];
        return new(name, path, specs.Length > 0 ? specs : [new(1, $"{name}{Ending} has specs")]);
    }

    private static bool IsIt(Ast ast) => IsCall(ast, "It");

    private static bool IsCall(Ast ast, params string[] names) =>
        ast is CommandAst call && names.Contains(call.GetCommandName(), StringComparer.OrdinalIgnoreCase);

    private static Spec ToSpec(CommandAst it)
    {
        string name = Title(it);
        for (Ast? outer = it.Parent; outer is not null; outer = outer.Parent)
        {
            if (IsCall(outer, "Describe", "Context")) name = $"{Title((CommandAst)outer)} {name}";
        }
        return new(it.Extent.StartLineNumber, name);
    }

    /// <summary>The first argument, as it stands: placeholders for data are filled by Pester.</summary>
    private static string Title(CommandAst call) =>
        call.CommandElements.Skip(1).OfType<StringConstantExpressionAst>().FirstOrDefault()?.Value ?? call.CommandElements[^1].Extent.Text;
}
