using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Builds a freshly initialised model.</summary>
[Cmdlet(VerbsCommon.New, "YoloModel", DefaultParameterSetName = "Count")]
[OutputType(typeof(YoloModel))]
public sealed class NewYoloModelCommand : YoloCmdlet
{
    /// <summary>A built-in architecture such as yolo11n, or the path of a model YAML.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "FullName")]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    [ValidateNotNullOrEmpty]
    public string Architecture { get; set; } = "";

    /// <summary>One name a class, in order.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    public string[] ClassName { get; set; } = [];

    /// <summary>The number of classes, named class_0, class_1 and so on; the description's own number when not given.</summary>
    [Parameter(ParameterSetName = "Count")]
    [ValidateRange(1, 100_000)]
    public int ClassCount { get; set; }

    /// <summary>The keypoints of a pose model and the values of each (2: x, y; 3: and visibility), as the dataset's kpt_shape.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    public int[]? KeypointShape { get; set; }

    /// <summary>
    /// Build the hidden layers of the class branch as wide as 80 classes would make them, so that they can be transferred.
    /// </summary>
    [Parameter]
    public SwitchParameter KeepClassBranch { get; set; }

    /// <summary>Seed of the initial values: the same seed gives the same model.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Where the weights live: cpu, cuda or cuda:0.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <inheritdoc/>
    protected override void Process()
    {
        _ = YoloDevice.Parse(Device);
        bool isFile = Path.GetExtension(Architecture).Equals(".yaml", StringComparison.OrdinalIgnoreCase)
            || Path.GetExtension(Architecture).Equals(".yml", StringComparison.OrdinalIgnoreCase);
        ModelDefinition definition = ModelDefinition.Load(isFile ? Paths.Output(Architecture) : Architecture);
        if (KeypointShapes.Read(KeypointShape) is { } points)
        {
            if (definition.KeypointShape is null)
            {
                throw new SelectionException(
                    $"{definition.Name} is a model for {definition.Task}, which has no keypoints.",
                    remedy: "Leave -KeypointShape away, or take a pose model.");
            }
            definition = definition.WithKeypointShape(points.Count, points.Values);
        }
        // The plan refuses a description without classes with its file and place.
        if (ParameterSetName != "Name" && ClassCount == 0 && definition.ClassCount < 1) _ = ModelPlan.Create(definition);
        int count = ClassCount > 0 ? ClassCount : definition.ClassCount ?? 80;
        IReadOnlyList<string> names = ParameterSetName == "Name"
            ? ClassName
            : [.. Enumerable.Range(0, count).Select(id => string.Create(CultureInfo.InvariantCulture, $"class_{id}"))];
        YoloModel model = YoloModel.Create(definition, names, new PlanOptions { KeepClassBranch = KeepClassBranch }, Seed);
        foreach (string warning in model.Network.Plan.Warnings) WriteWarning(warning);
        if (Device != "cpu") model.MoveTo(Device);
        WriteObject(model);
    }
}
