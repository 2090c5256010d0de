using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Prediction;
using YoloTune.Tasks;

namespace YoloTune.Commands;

/// <summary>Shows images of a measurement with labels beside predictions, or images with what was predicted on them.</summary>
[Cmdlet(VerbsCommon.Show, "YoloImage", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowYoloImageCommand : PictureCmdlet
{
    private const int PredictedPerSheet = 20;
    private readonly List<ImageMeasure> measured = [];
    private readonly List<(string Path, ImageObject Object)> predicted = [];

    /// <summary>Images of Measure-YoloModel, or results of Invoke-YoloPrediction.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Image")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (object input in InputObject)
        {
            switch (input is PSObject wrapped ? wrapped.BaseObject : input)
            {
                case ImageMeasure image:
                    measured.Add(image);
                    break;
                case YoloMetrics metrics:
                    measured.AddRange(metrics.Images);
                    break;
                case YoloDetection found:
                    predicted.Add((found.Path, PredictedObjects.Of(found)));
                    break;
                case YoloClassification found:
                    predicted.Add((found.Path, PredictedObjects.Of(found)));
                    break;
                case object other:
                    WriteError(new SelectionException($"'{other}' is no image of a measurement and no prediction.",
                        remedy: "Pipe (Measure-YoloModel $model $data).Images, or what Invoke-YoloPrediction gives; "
                            + "Show-YoloDataset shows labels."), other);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (measured.Count + predicted.Count == 0) return;
        var byPath = predicted.GroupBy(entry => entry.Path, entry => entry.Object, StringComparer.Ordinal).ToArray();
        Draw([.. measured.Select(image => image.Path), .. byPath.Select(group => group.Key)], (folder, messages) =>
        {
            SheetLayout layout = ImageSheets.Layout(YoloTask.LinesBetween);
            if (measured.Count > 0)
            {
                ImageSheets.Save(
                    [.. measured.Select(ImageSheets.Compared)], layout, ImageSheets.PerSheet, folder, "images", messages.Cancellation);
            }
            if (byPath.Length == 0) return;
            layout = new SheetLayout { Lines = layout.Lines, Legend = ClassPalette.Legend(predicted.Select(entry => entry.Object)) };
            ImageSheets.Save(
                [.. byPath.Select(group => ImageSheets.Predicted(group.Key, [.. group]))], layout, PredictedPerSheet, folder, "predictions",
                messages.Cancellation);
        });
    }
}
