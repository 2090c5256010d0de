using System.Collections;
using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Completion;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands.Base;

/// <summary>The base of cmdlets that plan a transfer: what is copied, from where.</summary>
public abstract class TransferCmdlet : YoloModelCmdlet
{
    /// <summary>Where the values come from: a model, or the path of a .pt or .safetensors file.</summary>
    /// <remarks>By name where the model is piped: a first argument that may be a model could be either of the two.</remarks>
    [Parameter(Mandatory = true, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [ValidateNotNull]
    public object Source { get; set; } = null!;

    /// <summary>Only items whose names fit; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemNameCompleter))]
    public string[]? Include { get; set; }

    /// <summary>No item whose name fits; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemNameCompleter))]
    public string[]? Exclude { get; set; }

    /// <summary>Only items of these layers.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public int[]? Layer { get; set; }

    /// <summary>Only items of these parts of the model.</summary>
    [Parameter]
    public LayerPart[]? Part { get; set; }

    /// <summary>Copy the class rows of classes with the same name too, whatever the case.</summary>
    [Parameter]
    public SwitchParameter MatchClass { get; set; }

    /// <summary>Which class row goes where when names differ: target class = source class.</summary>
    [Parameter]
    public Hashtable? ClassMap { get; set; }

    /// <summary>The decision for the model of this pipeline record.</summary>
    protected TransferPlan CreatePlan()
    {
        TransferSource source = ResolveSource();
        TransferPlan plan = TransferPlanner.Create(Model, source, new TransferOptions
        {
            Include = NamePattern.Parse(Include),
            Exclude = NamePattern.Parse(Exclude),
            Layers = Layer ?? [],
            Parts = Part ?? [],
            MatchClasses = MatchClass,
            ClassMap = ToClassMap(ClassMap),
        });
        foreach (string warning in source.Remarks) WriteWarning($"'{source.Name}': {warning}");
        foreach (string warning in plan.Classes.Warnings) WriteWarning(warning);
        if (plan.Warning is { } nothing) WriteWarning(nothing);
        return plan;
    }

    /// <summary>A hashtable of class names as the engine wants it.</summary>
    internal static IReadOnlyDictionary<string, string> ToClassMap(Hashtable? map)
    {
        Dictionary<string, string> classes = new(StringComparer.Ordinal);
        if (map is null) return classes;
        foreach (DictionaryEntry entry in map)
        {
            classes[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] =
                Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";
        }
        return classes;
    }

    private TransferSource ResolveSource() => (Source is PSObject wrapped ? wrapped.BaseObject : Source) switch
    {
        YoloModel model => TransferSource.FromModel(model),
        string path => ModelImporter.ReadSource(Paths.One(path)),
        FileSystemInfo file => ModelImporter.ReadSource(file.FullName),
        object other =>
            throw new SelectionException($"-Source is a {other.GetType().Name}.",
                remedy: "Give a model or the path of a .pt or .safetensors file."),
    };
}
