using System.Management.Automation;
using System.Text.RegularExpressions;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Documents;

/// <summary>
/// Every command of every document is run as it would be pasted, in a folder with files of the names that the document uses. What the
/// scripts of tests/Documents say is true of these tests: what counts as a command, what is not run and why, what is made smaller.
/// tests/Documents.Tests.ps1 does the same in pwsh.
/// </summary>
public sealed partial class DocumentTests(DocumentFolder files) : IClassFixture<DocumentFolder>
{
    public static TheoryData<string> Documents()
    {
        using ModuleHost host = Host();
        return [.. host.Run("Get-Document $root").Output.Select(item => item.ToString())];
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_runs_as_pasted(string document)
    {
        using TemporaryFolder folder = new();
        using ModuleHost host = Host();
        host.Set("document", document);
        IReadOnlyList<PSObject> commands = host.Run("Get-DocumentCommand $root $document").Output;
        List<string> problems = [];
        if (commands.Any(command => command.Properties["NotRun"].Value is null))
        {
            files.CopyTo(folder.Path);
            host.Enter(folder.Path);
            host.Set("text", string.Join('\n', commands.Select(command => command.Properties["Text"].Value)));
            HostResult prelude = host.Run("""
                Clear-ExportTarget $pwd.ProviderPath $text
                . ([scriptblock]::Create((Get-DocumentPrelude $document $text)))
                """);
            Assert.Empty(prelude.Errors);
        }
        foreach (PSObject command in commands) problems.AddRange(Problems(host, command));
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_cmdlet_in_the_text_exists_with_its_parameters(string document)
    {
        using ModuleHost host = Host();
        host.Set("document", document);
        HostResult result = host.Run("""
            foreach ($mention in Get-DocumentMention $root $document) {
                foreach ($problem in Find-DocumentProblem $root $mention.Text) { "$document, line $($mention.Line): $problem" }
            }
            """);
        Assert.Empty(result.Errors);
        Assert.True(result.Output.Count == 0, string.Join('\n', result.Output));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_a_heading(string document)
    {
        string path = Path.Combine(Repository.Root, document);
        foreach (Match link in Link().Matches(File.ReadAllText(path)))
        {
            string file = link.Groups["file"].Value, heading = link.Groups["heading"].Value;
            string target = file.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, file);
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{document}: {link.Value} leads nowhere.");
            if (heading.Length == 0) continue;
            IEnumerable<string> headings = File.ReadLines(target).Where(line => line.StartsWith('#'))
                .Select(line => NoSlug().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));
            Assert.Contains(heading, headings);
        }
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        using ModuleHost host = Host();
        HostResult result = host.Run("""
            $names = Get-Document $root | ForEach-Object { Get-DocumentCommand $root $_ } | ForEach-Object { $_.Names }
            & ([System.IO.Path]::Combine($root, 'tests', 'Documents', 'Exceptions.ps1')) |
                Where-Object { -not $_.Document -or [System.IO.File]::Exists([System.IO.Path]::Combine($root, $_.Document)) } |
                Where-Object { @($names -like $_.Command).Count -eq 0 } | ForEach-Object { $_.Command }
            """);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
    }

    [GeneratedRegex(@"\]\((?!https?:)(?<file>[^)#\s]*)(#(?<heading>[^)\s]+))?\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    // What a heading loses on its way into an address.
    [GeneratedRegex(@"[^\w\- ]", RegexOptions.CultureInvariant)]
    private static partial Regex NoSlug();

    private static IEnumerable<string> Problems(ModuleHost host, PSObject command)
    {
        string text = (string)command.Properties["Text"].Value;
        string place = $"{command.Properties["Document"].Value}, line {command.Properties["Line"].Value}: {text}\n    ";
        if (command.Properties["Problem"].Value is string problem)
        {
            yield return place + problem;
            yield break;
        }
        host.Set("command", command);
        foreach (PSObject found in host.Run("Find-DocumentProblem $root $command.Text").Output) yield return place + found;
        if (command.Properties["NotRun"].Value is not null || !IsKnown(host)) yield break;

        HostResult result = host.Show(text);
        foreach (ErrorRecord error in result.Errors)
        {
            host.Set("message", error.ToString());
            if (!Is(host, "Test-ErrorShown $command.Shown $message")) yield return $"{place}{error.FullyQualifiedErrorId}: {error}";
        }
        if (!DocumentFolder.HasRealWeights || UsesStandIn(host)) yield break;
        host.Set("shownText", result.Text);
        foreach (PSObject line in host.Run("Find-MissingLine $command.Shown $shownText").Output)
        {
            yield return $"{place}does not show: {line}\n    It shows:\n{string.Join('\n', result.Text.Split('\n').Take(40))}";
        }
    }

    // What a stand-in prints is not what the command prints.
    private static bool UsesStandIn(ModuleHost host) => Is(host, """
        $functions = @($command.Names | Where-Object { (Get-Command $_).CommandType -eq 'Function' -and -not $LimitedCmdlet.ContainsKey($_) })
        $functions.Count -gt 0
        """);

    // What only pwsh has is left to the specs in pwsh.
    private static bool IsKnown(ModuleHost host) =>
        !Is(host, "@($command.Names | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) }).Count -gt 0");

    private static bool Is(ModuleHost host, string question) => LanguagePrimitives.IsTrue(host.Run(question).Single);

    private static ModuleHost Host()
    {
        ModuleHost host = new();
        host.Set("root", Repository.Root);
        foreach (string script in new[] { "Documents.ps1", "Folder.ps1", "StandIns.ps1", "Limits.ps1" })
        {
            HostResult result = host.Run($". '{DocumentFolder.Script(script)}'");
            if (result.Errors.Count > 0) throw new InvalidOperationException($"{script}: {result.Errors[0]}");
        }
        return host;
    }
}
