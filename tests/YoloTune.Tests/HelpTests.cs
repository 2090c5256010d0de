using System.Management.Automation;
using System.Reflection;
using Xunit;
using YoloTune.Commands.Tests.Hosting;
using YoloTune.HelpCompiler;

namespace YoloTune.Commands.Tests;

/// <summary>The help pages against the cmdlets as they are.</summary>
public sealed class HelpTests
{
    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "en-US");

    public static TheoryData<string> Cmdlets() => [.. Names()];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_parameter_is_described_as_it_is(string cmdlet)
    {
        using ModuleHost host = new();
        CmdletInfo command = (CmdletInfo)host.Run($"Get-Command {cmdlet}").Single.BaseObject;
        HelpPage page = HelpPage.Load(Path.Combine(Pages, cmdlet + ".md"));
        Assert.Equal(cmdlet, page.Name);
        Assert.True(page.Examples.Count >= 2, "Two examples are wanted.");

        HashSet<string> common = [.. Cmdlet.CommonParameters, .. Cmdlet.OptionalCommonParameters];
        var written = command.Parameters.Values.Where(parameter => !common.Contains(parameter.Name)).ToDictionary(parameter => parameter.Name);
        var described = page.Parameters.Where(parameter => !common.Contains(parameter.Name)).ToArray();
        Assert.Equal(written.Keys.Order(), described.Select(parameter => parameter.Name).Order());
        foreach (HelpParameter help in described) AssertEqual(help, written[help.Name]);
    }

    [Fact]
    public void Every_page_belongs_to_a_cmdlet() =>
        Assert.Equal(Names().Order(),
            Directory.GetFiles(Pages, "*.md").Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Where(name => !name.StartsWith("about_", StringComparison.Ordinal)).Order());

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Get_Help_finds_the_page(string cmdlet)
    {
        using ModuleHost host = new();
        HelpPage page = HelpPage.Load(Path.Combine(Pages, cmdlet + ".md"));
        HostResult result = host.Run($"$help = Get-Help {cmdlet} -Full; $help.Synopsis; $help.Examples.Example.Count");
        Assert.Equal(page.Synopsis, result.Output[0].ToString());
        Assert.Equal(page.Examples.Count, result.Output[1].BaseObject);
    }

    [Fact]
    public void Get_Help_finds_the_about_topics()
    {
        using ModuleHost host = new();
        Assert.Contains("SHORT DESCRIPTION", host.Run("Get-Help about_YoloTune").Single.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names()
    {
        using ModuleHost host = new();
        return [.. host.Run("(Get-Module YoloTune).ExportedCmdlets.Keys").Output.Select(name => name.ToString())];
    }

    private static void AssertEqual(HelpParameter help, ParameterMetadata parameter)
    {
        string place = $"-{help.Name}";
        ParameterAttribute[] sets = [.. parameter.Attributes.OfType<ParameterAttribute>()];
        IEnumerable<string> names = sets.Select(set => set.ParameterSetName).Where(name => name != ParameterAttribute.AllParameterSets).Order();
        Assert.Equal((place, Join(names)), (place, Join(help.Sets.Order())));
        Assert.Equal((place, sets.Any(set => set.Mandatory)), (place, help.Required));
        Assert.Equal((place, sets.Max(set => set.Position is >= 0 and var at ? at : (int?)null)), (place, help.Position));
        Assert.Equal((place, sets.Any(set => set.ValueFromPipeline)), (place, help.Pipeline.Contains("ByValue", StringComparison.Ordinal)));
        Assert.Equal((place, sets.Any(set => set.ValueFromPipelineByPropertyName)),
            (place, help.Pipeline.Contains("ByPropertyName", StringComparison.Ordinal)));
        Assert.Equal((place, parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()), (place, help.Wildcards));
        Assert.Equal((place, Join(parameter.Aliases.Order())), (place, Join(help.Aliases.Order())));
        Assert.Equal((place, TypeName(parameter.ParameterType)), (place, help.Type));
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);

    private static string TypeName(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.Name;
    }
}
