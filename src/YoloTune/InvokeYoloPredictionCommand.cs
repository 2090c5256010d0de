using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Prediction;
using YoloTune.Tasks.Detection;
using YoloTune.Tasks.Obb;

namespace YoloTune.Commands;

/// <summary>Finds objects on images.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "YoloPrediction", DefaultParameterSetName = YoloModelCmdlet.PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloDetection))]
public sealed class InvokeYoloPredictionCommand : DetectorCmdlet
{
    private const int ActivityId = 7002;
    private static readonly PredictionOptions Defaults = new();
    private readonly List<string> images = [];
    private bool modelsArePiped;
    private PredictionFiles? files;

    /// <summary>Images, or folders of images; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = YoloModelCmdlet.PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = YoloModelCmdlet.PositionSet)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Images per forward pass.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>Detections below this score are left out.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Confidence { get; set; } = Defaults.Confidence;

    /// <summary>Overlap above which the weaker of two boxes of a class is suppressed.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double IoU { get; set; } = Defaults.IoU;

    /// <summary>Only objects of these classes are wanted; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>The most objects of an image; the surest are kept.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int MaxDetections { get; set; } = Defaults.MaxDetections;

    /// <summary>A folder to write annotated pictures to.</summary>
    [Parameter]
    public string? OutputPath { get; set; }

    /// <summary>Write YOLO label files under the output folder too.</summary>
    [Parameter]
    public SwitchParameter SaveText { get; set; }

    /// <summary>A folder to write oriented boxes to as DOTA's evaluation takes them: a file per class.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DotaPath { get; set; }

    /// <summary>Make masks at the size of the original image, with finer edges.</summary>
    [Parameter]
    public SwitchParameter RetinaMasks { get; set; }

    /// <summary>Replace files in the output folder that are there; images that are looked at are never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (SaveText && OutputPath is null)
        {
            throw new SelectionException("-SaveText needs a folder to write to.", remedy: "Give it with -OutputPath.");
        }
        modelsArePiped = !MyInvocation.BoundParameters.ContainsKey(nameof(Model));
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (string path in Paths.Existing(Path))
        {
            if (!Directory.Exists(path))
            {
                images.Add(path);
                continue;
            }
            ImageCollection found = ImageCollection.In(path);
            images.AddRange(found.Images);
            foreach (string sentence in found.Unread) WriteWarning(sentence);
            if (found.Images.Count == 0) WriteWarning($"'{path}' holds no image that can be read.");
        }
        if (modelsArePiped) PredictCollected();
    }

    /// <inheritdoc/>
    protected override void End() => PredictCollected();

    /// <summary>
    /// Looks at all images that were collected: once for piped images, so that they fill batches, and once a piped model.
    /// </summary>
    private void PredictCollected()
    {
        if (images.Count == 0) return;
        if (Class is not null && !Model.Task.PredictsObjects)
        {
            throw new SelectionException($"{Model.Name} gives each image a class, and -Class chooses among objects.",
                remedy: "Leave it out and filter the results: Where-Object Top1 -EQ cat.");
        }
        string? folder = OutputPath is null ? null : Paths.OutputFolder(OutputPath);
        if (folder is not null) (files ??= new(folder, SaveText, Force)).Plan(images);
        if (folder is not null && !ShouldProcess(folder, $"Write {images.Count} annotated pictures")) folder = null;
        string? tables = DotaPath is null ? null : DotaFolder(DotaPath);
        DotaOutput? dota = tables is null ? null : new(tables, Model.ClassNames, Force);
        if (tables is not null && !ShouldProcess(tables, "Write the files of DOTA's evaluation")) dota = null;
        PredictionOptions options = Defaults with
        {
            ImageSize = SizeToUse(),
            BatchSize = BatchSize,
            Confidence = Confidence,
            IoU = IoU,
            MaxDetections = MaxDetections,
            Classes = ClassIds(Class),
            Precision = Precision,
            RetinaMasks = RetinaMasks,
        };
        RunOnWorker(messages => Predict(messages, options, folder, dota));
        images.Clear();
    }

    private string DotaFolder(string path) => Model.Task is { PredictsObjects: true, PredictsUprightBoxes: false }
        ? Paths.OutputFolder(path)
        : throw new SelectionException(
        $"-DotaPath takes oriented boxes, and {Model} is a model for {Model.Task}.",
        remedy: "Leave it out, or take a model such as yolo11n-obb.");

    private void Predict(CommandMessages messages, PredictionOptions options, string? folder, DotaOutput? dota)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        using Predictor predictor = Predictor.For(Model, options);
        messages.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"Images are fitted into {predictor.ImageSize} pixels, {(ImageSize is null ? "the model's own size" : "as asked")}."));
        int done = 0;
        foreach (ImagePrediction prediction in predictor.Predict(images, (path, error) => messages.Error(error, path),
            messages.Cancellation))
        {
            if (prediction.LacksEnd)
                messages.Warning($"'{prediction.Path}' stops before the end mark of a JPEG. Its picture is whole and is used; "
                    + "save it again to be rid of this warning.");
            foreach (object result in prediction.Results) messages.Output(result);
            dota?.Add(prediction);
            if (folder is not null) Save(predictor, prediction, files!);
            done++;
            messages.Progress(new ProgressRecord(ActivityId, $"Looking with {Model}",
                string.Create(CultureInfo.InvariantCulture, $"{done} of {images.Count} images"))
            {
                PercentComplete = (int)(100L * done / images.Count),
                RecordType = done == images.Count ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            });
        }
        dota?.Save();
    }

    private static void Save(Predictor predictor, ImagePrediction prediction, PredictionFiles files)
    {
        PredictionFile file = files.Next(prediction.Path);
        files.Write(file.Picture, path => predictor.SavePicture(prediction, path));
        if (file.Labels is not null) files.Write(file.Labels, path => predictor.SaveText(prediction, path));
    }
}
