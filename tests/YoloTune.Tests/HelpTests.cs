using System.Management.Automation;
using System.Management.Automation.Language;
using Xunit;
using YoloTune.Commands.Tests.Hosting;
using YoloTune.HelpCompiler;

namespace YoloTune.Commands.Tests;

/// <summary>The help pages against the cmdlets as they are.</summary>
public sealed class HelpTests
{
    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "en-US");
    private static readonly HashSet<string> Common = [.. Cmdlet.CommonParameters];

    public static TheoryData<string> Cmdlets() => [.. Names()];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_is_described_as_it_is(string cmdlet)
    {
        using ModuleHost host = new();
        CmdletInfo command = Command(host, cmdlet);
        HelpPage page = Load(cmdlet);
        Assert.Equal(command.Parameters.Keys.Where(name => !Common.Contains(name)).Order(),
            page.Parameters.Select(parameter => parameter.Name).Order());
        foreach (HelpParameter parameter in page.Parameters)
        {
            ParameterMetadata metadata = command.Parameters[parameter.Name];
            foreach (HelpParameterFacts facts in parameter.Facts) AssertEqual($"-{parameter.Name}", facts, metadata);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_set_is_described_as_it_is(string cmdlet)
    {
        using ModuleHost host = new();
        CmdletInfo command = Command(host, cmdlet);
        HelpPage page = Load(cmdlet);
        Assert.Equal(command.ParameterSets.Count, page.Syntax.Count);
        foreach (CommandParameterSetInfo set in command.ParameterSets)
        {
            HelpSyntax syntax = page.Syntax.Count == 1 ? page.Syntax[0] : page.Syntax.Single(syntax => syntax.Name == set.Name);
            Assert.Equal((set.Name, set.IsDefault || page.Syntax.Count == 1), (set.Name, syntax.IsDefault));
            CommandParameterInfo[] written = [.. set.Parameters.Where(parameter => !Common.Contains(parameter.Name))];
            Assert.Equal(written.Select(parameter => parameter.Name).Order(), syntax.Parameters.Order());
            foreach (CommandParameterInfo parameter in written)
            {
                HelpParameterFacts facts = page.Parameters.Single(help => help.Name == parameter.Name).In(set.Name)!;
                Assert.Equal((set.Name, parameter.Name, parameter.IsMandatory), (set.Name, parameter.Name, facts.Required));
                Assert.Equal((set.Name, parameter.Name, parameter.Position), (set.Name, parameter.Name, facts.Position ?? int.MinValue));
                Assert.Equal((parameter.Name, PipelineOf(parameter)), (parameter.Name, facts.Pipeline));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Examples_use_cmdlets_and_parameters_that_exist(string cmdlet)
    {
        using ModuleHost host = new();
        HelpPage page = Load(cmdlet);
        Assert.True(page.Examples.Count >= 2, "Two examples are wanted.");
        Assert.Contains(page.Examples, example => example.Code.Contains(cmdlet, StringComparison.Ordinal));
        foreach (HelpExample example in page.Examples)
        {
            Ast script = Parser.ParseInput(example.Code, out _, out ParseError[] errors);
            Assert.True(errors.Length == 0, $"{example.Title}: {string.Join("; ", errors.Select(error => error.Message))}");
            foreach (CommandAst call in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (call.GetCommandName() is not { } name || !name.Contains("-Yolo", StringComparison.Ordinal)) continue;
                CmdletInfo command = Command(host, name);
                foreach (CommandParameterAst parameter in call.CommandElements.OfType<CommandParameterAst>())
                {
                    Assert.True(command.Parameters.ContainsKey(parameter.ParameterName),
                        $"{example.Title}: {name} has no -{parameter.ParameterName}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Get_Help_finds_the_page(string cmdlet)
    {
        using ModuleHost host = new();
        HelpPage page = Load(cmdlet);
        HostResult result = host.Run($"""
            $help = Get-Help {cmdlet} -Full
            $help.Synopsis
            @($help.Examples.Example).Count
            @(Get-Help {cmdlet} -Parameter *).Count
            """);
        Assert.Equal(page.Synopsis, result.Output[0].ToString());
        Assert.Equal(page.Examples.Count, result.Output[1].BaseObject);
        Assert.Equal(page.Parameters.Count, result.Output[2].BaseObject);
    }

    [Fact]
    public void Every_page_belongs_to_a_cmdlet() =>
        Assert.Equal(Names().Order(), PageNames().Where(name => !IsTopic(name)).Order());

    [Fact]
    public void Every_link_leads_to_a_page()
    {
        HashSet<string> known = [.. PageNames().Select(name => name + ".md")];
        foreach (string cmdlet in PageNames().Where(name => !IsTopic(name)))
        {
            foreach ((string text, string target) in Load(cmdlet).Links)
            {
                bool leadsOut = target.StartsWith("https://", StringComparison.Ordinal);
                Assert.True(known.Contains(target) || leadsOut, $"{cmdlet}: {text} leads to {target}.");
            }
        }
    }

    [Fact]
    public void No_page_waits_for_words()
    {
        foreach (string page in PageNames())
        {
            Assert.DoesNotContain("{{", File.ReadAllText(Path.Combine(Pages, page + ".md")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Get_Help_finds_the_about_topics()
    {
        using ModuleHost host = new();
        foreach (string topic in PageNames().Where(IsTopic))
        {
            Assert.Contains("SHORT DESCRIPTION", host.Run($"Get-Help {topic}").Single.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_overview_names_every_cmdlet()
    {
        string text = File.ReadAllText(Path.Combine(Pages, "about_YoloTune.md"));
        Assert.All(Names(), name => Assert.Matches($@"\b{name}\b", text));
    }

    [Fact]
    public void What_topics_refer_to_exists_and_every_topic_is_referred_to()
    {
        HashSet<string> pages = [.. PageNames()];
        Dictionary<string, List<string>> links = PageNames().Where(IsTopic).ToDictionary(topic => topic, SeeAlso);
        Assert.All(links.SelectMany(topic => topic.Value), name => Assert.Contains(name, pages));
        Assert.All(links.Keys, topic => Assert.Contains(links, other => other.Key != topic && other.Value.Contains(topic)));
    }

    private static List<string> SeeAlso(string topic) =>
        [.. File.ReadLines(Path.Combine(Pages, topic + ".md")).SkipWhile(line => line != "## See also")
            .Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..].Split(':')[0])];

    private static bool IsTopic(string page) => page.StartsWith("about_", StringComparison.Ordinal);

    private static IEnumerable<string> PageNames() =>
        Directory.GetFiles(Pages, "*.md").Select(file => Path.GetFileNameWithoutExtension(file));

    private static HelpPage Load(string cmdlet) => HelpPage.Load(Path.Combine(Pages, cmdlet + ".md"));

    private static CmdletInfo Command(ModuleHost host, string name) =>
        (CmdletInfo)host.Run($"Get-Command {name} -Module YoloTune").Single.BaseObject;

    private static IEnumerable<string> Names()
    {
        using ModuleHost host = new();
        return [.. host.Run("(Get-Module YoloTune).ExportedCmdlets.Keys").Output.Select(name => name.ToString())];
    }

    private static void AssertEqual(string place, HelpParameterFacts facts, ParameterMetadata parameter)
    {
        Assert.Equal((place, parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()), (place, facts.Wildcards));
        Assert.Equal((place, Join(parameter.Aliases.Order())), (place, Join(facts.Aliases.Order())));
        Assert.Equal((place, TypeName(parameter.ParameterType)), (place, facts.Type));
        Assert.Equal((place, Join(AcceptedValues(parameter))), (place, Join(facts.AcceptedValues)));
    }

    private static IEnumerable<string> AcceptedValues(ParameterMetadata parameter)
    {
        Type type = parameter.ParameterType.IsArray ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum
            ? Enum.GetNames(type)
            : parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(set => set.ValidValues);
    }

    private static string PipelineOf(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipelineByPropertyName, parameter.ValueFromPipeline) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByPropertyName)",
            (false, true) => "True (ByValue)",
            _ => "False",
        };

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);

    private static string TypeName(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name;
}
