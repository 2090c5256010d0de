using System.Management.Automation;
using System.Reflection;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Tab completion, as PowerShell does it on a line.</summary>
public sealed class CompletionTests
{
    private const string Model = "$m = New-YoloModel yolo11n -ClassName cat, 'hot dog'; $text = 'no model'; $list = @($m); ";

    [Theory]
    [InlineData("Get-YoloParameter -Model $m -Name model.0.c")]
    [InlineData("Get-YoloParameter $m -Name model.0.c")]
    [InlineData("$m | Get-YoloParameter model.0.c")]
    [InlineData("$list | Get-YoloParameter model.0.c")]
    [InlineData("$m | Set-YoloFreeze -None | Get-YoloParameter -Name model.0.c")]
    [InlineData("$x = $m | Set-YoloFreeze -Name model.0.c")]
    [InlineData("Set-YoloLearningRate $m -Multiplier 0.1 -Name model.0.c")]
    [InlineData("Copy-YoloWeights $m -Source $m -Include model.0.c")]
    [InlineData("Get-YoloTransferPlan -Model $m -Source $m -Exclude model.0.c")]
    public void Parameters_come_from_the_model_that_is_bound_or_piped(string line) => AssertCompletes(line, "model.0.conv.weight");

    [Theory]
    [InlineData("$m | Get-YoloLayer -Type C", "C3k2")]
    [InlineData("$m | Get-YoloLayer -Index 2", "23")]
    [InlineData("$m | Set-YoloFreeze -Layer 2", "22")]
    [InlineData("$m | Copy-YoloWeights -Source $m -Layer 2", "23")]
    [InlineData("$m | Get-YoloLayer -Part B", "Backbone")]
    [InlineData("$m | Get-YoloParameter -Origin N", "New")]
    [InlineData("$m | Remove-YoloClass c", "cat")]
    [InlineData("$m | Remove-YoloClass h", "'hot dog'")]
    [InlineData("$m | Remove-YoloClass cat, h", "'hot dog'")]
    [InlineData("$m | Set-YoloClass c", "cat")]
    [InlineData("$m | Set-YoloFreeze -All -ExceptClass c", "cat")]
    [InlineData("$m | Measure-YoloModel data.yaml -Class c", "cat")]
    [InlineData("$m | Measure-YoloModel data.yaml -NewClass c", "cat")]
    [InlineData("$m | Measure-YoloModel data.yaml -Split te", "test")]
    [InlineData("$m | Start-YoloTraining d.yaml -Optimizer Ad", "AdamW")]
    [InlineData("$m | Start-YoloTraining d.yaml -Precision B", "BFloat16")]
    [InlineData("$m | Start-YoloTraining d.yaml -Cache M", "Memory")]
    [InlineData("Find-YoloLearningRate $m d.yaml -Optimizer S", "SGD")]
    [InlineData("New-YoloStage 3 -Freeze Ba", "Backbone")]
    [InlineData("New-YoloStage -Preset F", "FineTune")]
    [InlineData("New-YoloModel yolo26n-s", "yolo26n-seg")]
    [InlineData("New-YoloModel yolo11n -Device c", "cpu")]
    [InlineData("Import-YoloModel a.pt -Architecture yolov9", "yolov9t")]
    [InlineData("Import-YoloModel a.pt -Device c", "cpu")]
    [InlineData("Get-YoloArchitecture yolov10", "yolov10b")]
    [InlineData("Get-YoloDevice c", "cpu")]
    [InlineData("Save-YoloModel yolov5n", "yolov5nu")]
    [InlineData("Save-YoloModel yolo11n -Tag v", "v8.4.0")]
    [InlineData("New-YoloSampleDataset d -ClassName ci", "circle")]
    [InlineData("$m | Export-YoloModel a -Format S", "SafeTensors")]
    [InlineData("New-YoloStage 3 -Augmentation @{ mo", "mosaic")]
    [InlineData("$m | Start-YoloTraining d.yaml -Augmentation @{ hsv_h = 0.1; hsv_", "hsv_v")]
    [InlineData("Find-YoloLearningRate $m d.yaml -Augmentation @{ deg", "degrees")]
    [InlineData("Get-YoloD", "Get-YoloDevice")]
    public void Names_are_offered(string line, string expected) => AssertCompletes(line, expected);

    /// <summary>PowerShell completes keys from the properties.</summary>
    [Theory]
    [InlineData("Start-YoloTraining")]
    [InlineData("Find-YoloLearningRate")]
    [InlineData("New-YoloStage")]
    public void Every_augmentation_option_has_a_property_to_be_completed_from(string cmdlet)
    {
        using ModuleHost host = new();
        CmdletInfo command = (CmdletInfo)host.Run("Get-Command " + cmdlet).Single.BaseObject;
        Type type = command.Parameters["Augmentation"].ParameterType;
        string list = host.Run("New-YoloStage 3 -Augmentation @{ nothing = 1 }").Error.ToString()
            .Split("The options are: ")[1].TrimEnd('.');
        Assert.Equal(list.Split(", ").Order(),
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(property => property.Name).Order());
        Assert.NotNull(type.GetConstructor([]));
    }

    [Fact]
    public void Each_property_of_augmentation_sets_the_key_of_its_name()
    {
        using ModuleHost host = new();
        Type type = ((CmdletInfo)host.Run("Get-Command New-YoloStage").Single.BaseObject).Parameters["Augmentation"].ParameterType;
        System.Collections.Hashtable settings = (System.Collections.Hashtable)Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            property.SetValue(settings, property.Name);
            Assert.Equal(property.Name, settings[property.Name]);
            Assert.Equal(property.Name, property.GetValue(settings));
        }
    }

    [Theory]
    [InlineData("@{ Mosaic = 0.25; degrees = '10' }")]
    [InlineData("([ordered]@{ mosaic = 0.25; DEGREES = 10 })")]
    [InlineData("$table")]
    public void Augmentation_is_still_any_hashtable(string value)
    {
        using ModuleHost host = new();
        HostResult result = host.Run("$table = @{ mosaic = 0.25; degrees = 10.0 }; $s = New-YoloStage 3 -Augmentation " + value
            + "; $s.Augmentation['mosaic']; $s.Augmentation['degrees']");
        Assert.Empty(result.Errors);
        Assert.Equal(["0.25", "10"], result.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void A_variable_that_is_no_model_offers_nothing_and_runs_nothing()
    {
        using ModuleHost host = new();
        host.Run(Model + "$global:ran = 0; function global:Get-Model { $global:ran++; $m }");
        Assert.DoesNotContain("model.0.conv.weight", host.Complete("$text | Get-YoloParameter model.0"));
        Assert.DoesNotContain("model.0.conv.weight", host.Complete("$missing | Get-YoloParameter model.0"));
        host.Complete("Get-Model | Get-YoloParameter model.0");
        Assert.Equal("0", host.Run("$ran").Single.ToString());
    }

    [Fact]
    public void Folders_of_runs_are_offered()
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        Assert.Empty(host.Run("""
            $null = $model | Start-YoloTraining @options
            $null = $model | Start-YoloTraining @options -OutputPath 'runs/second try'
            $null = [IO.Directory]::CreateDirectory("$($PWD.ProviderPath)/runs/other")
            """).Errors);
        Assert.Equal(["'runs/second try'", "runs/train"], host.Complete("Get-YoloRun "));
        Assert.Equal(["runs/train"], host.Complete("Get-YoloRun runs/t"));
        Assert.Equal(["'runs/second try'", "runs/train"], host.Complete("Resume-YoloTraining ru"));
        Assert.Equal(["'runs/second try'", "runs/train"], host.Complete("Show-YoloRun "));
        Assert.Equal(["runs/train"], host.Complete("Get-YoloRun tr"));
        Assert.Equal(["'runs/second try'"], host.Complete("Compare-YoloRun runs/s"));
        Directory.CreateDirectory(Path.Combine(tiny.Folder, "elsewhere"));
        Assert.Contains(Path.Combine(".", "elsewhere"), host.Complete("Get-YoloRun else"));
        // A folder without a run is still a path.
        Assert.Equal([Path.Combine(".", "runs", "other")], host.Complete("Get-YoloRun runs/o"));
    }

    [Fact]
    public void Classes_of_a_dataset_are_offered()
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        host.Run("$null = New-YoloSampleDataset drawn -Count 2 -ClassName circle, square");
        Assert.Equal(["circle", "square"], host.Complete("Show-YoloDataset drawn -Class "));
        Assert.Empty(host.Complete("Show-YoloDataset nowhere -Class zz"));
    }

    /// <summary>Names of parameters that stand for something that can be listed.</summary>
    private static readonly HashSet<string> Listed =
        ["Architecture", "Device", "Layer", "Index", "Include", "Exclude", "Class", "NewClass", "Split", "Freeze", "Tag"];

    [Fact]
    public void Every_parameter_that_asks_for_something_listed_completes()
    {
        using ModuleHost host = new();
        List<string> bare = [];
        foreach (PSObject item in host.Run("Get-Command -Module YoloTune").Output)
        {
            CmdletInfo command = (CmdletInfo)item.BaseObject;
            foreach (ParameterMetadata parameter in command.Parameters.Values.Where(parameter => Listed.Contains(parameter.Name)))
            {
                bool completes = parameter.Attributes.Any(attribute => attribute is ArgumentCompleterAttribute or ValidateSetAttribute)
                    || (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).IsEnum;
                if (!completes) bare.Add($"{command.Name} -{parameter.Name}");
            }
        }
        Assert.Empty(bare);
    }

    private static void AssertCompletes(string line, string expected)
    {
        using ModuleHost host = new();
        host.Run(Model);
        Assert.Contains(expected, host.Complete(line));
    }
}
