using System.Collections;
using System.Management.Automation;
using System.Reflection;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>
/// PowerShell indexes an object through the indexer of its type, and only when the type is public: the lists that the compiler makes of
/// collection expressions are not, and <c>$model.ClassNames[0]</c> would give the whole list.
/// </summary>
public sealed class ListsOfObjectsTests
{
    private const string Objects = """
        $source = New-YoloModel tiny.yaml -ClassName circle, ring -Seed 1
        $model = $model | Copy-YoloWeights -Source $source | Start-YoloTraining @options
        $model; $model.Transfer; $model.Run
        $model | Get-YoloLayer; $model | Get-YoloParameter; Get-YoloTransferPlan $model -Source $source; Compare-YoloModel $model $source
        Measure-YoloModel $model $data -ImageSize 64; Get-YoloRun runs/train
        Get-YoloArchitecture yolo11n; Get-YoloDevice
        [System.IO.File]::WriteAllText("$($PWD.ProviderPath)/data/labels/train/000000.txt", '9 0.5 0.5 0.2 0.2')
        Test-YoloDataset $data
        Compare-YoloRun runs/train, $model; Show-YoloRun runs/train; Split-YoloDataset $data
        [System.IO.File]::WriteAllText("$($PWD.ProviderPath)/shape.json", '{"imagePath": "data/images/train/000001.jpg", "shapes": [
            {"label": "ring", "points": [[10, 10], [40, 40]], "shape_type": "rectangle"},
                {"label": "dot", "points": [[1, 1]], "shape_type": "point"}]}')
        ConvertTo-YoloDataset shape.json converted -WarningAction Ignore
        $null = Export-YoloModel $model listed.pt; Import-YoloModel listed.pt -Inspect
        """;

    [Fact]
    public void Every_list_of_an_output_can_be_indexed()
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        HostResult result = host.Run(Objects);
        Assert.Empty(result.Errors);
        SortedSet<string> hidden = new(StringComparer.Ordinal);
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        foreach (PSObject output in result.Output) Collect(output.BaseObject, hidden, seen);
        Assert.True(hidden.Count == 0, string.Join('\n', hidden));
    }

    private static void Collect(object found, SortedSet<string> hidden, HashSet<object> seen)
    {
        Type type = found.GetType();
        if (type.Assembly.GetName().Name is not ("YoloTune.Core" or "YoloTune") || type.IsEnum || !seen.Add(found)) return;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // The network is the engine's own; what users look at is beside it.
            if (property.GetIndexParameters().Length > 0 || property.PropertyType.Name == "YoloNetwork") continue;
            if (property.GetValue(found) is not { } value || value is string) continue;
            if (value is not IEnumerable list)
            {
                Collect(value, hidden, seen);
                continue;
            }
            bool isSequence = property.PropertyType.IsGenericType
                && property.PropertyType.GetGenericTypeDefinition() == typeof(IEnumerable<>);
            if (!isSequence && !value.GetType().IsVisible) hidden.Add($"{type.Name}.{property.Name} is a {value.GetType().Name}");
            foreach (object? item in list)
            {
                if (item is not null) Collect(item, hidden, seen);
            }
        }
    }
}
