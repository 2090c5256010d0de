using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Objects with classes, boxes and masks.</summary>
public sealed class SegmentationTask : YoloTask
{
    private const int Prototypes = 32, PrototypeWidth = 256, PrototypeArgument = 2;

    /// <inheritdoc/>
    public override string Name => "Segment";

    /// <inheritdoc/>
    public override string ReferenceClass => "SegmentationModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => SegmentationLoss.PartNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MeasureNames { get; } =
        (string[])[.. MeasureColumns.Of(MeasureColumns.Box), .. MeasureColumns.Of(MeasureColumns.Mask)];

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Segment"] = Rule(refined: false),
        ["Segment26"] = Rule(refined: true),
    };

    /// <inheritdoc/>
    public override LabelRowKind LabelRows => LabelRowKind.Polygons;

    /// <inheritdoc/>
    internal override TaskLabels LabelsFor(DatasetDescription description, TrainingOptions options) => new MaskLabels(Masks(options));

    /// <inheritdoc/>
    internal override IReadOnlyList<string> OwnOptions { get; } = [nameof(TrainingOptions.OverlapMasks), nameof(TrainingOptions.MaskRatio)];

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options) =>
        CreateCriterion(network.RegMax, network.Strides, network.EndToEnd, options.Epochs, options.Gains, Masks(options));

    internal override ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        new SegmentationEvaluator(classNames, options, ((YoloTask)Default).CreateEvaluator(classNames, options));

    internal override IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame)
    {
        SegmentationDetections found = (SegmentationDetections)result;
        (double down, double across) = (frame.Height / (double)found.Size.Rows, frame.Width / (double)found.Size.Columns);
        return ResultObjects.Of(found.Boxes, frame, (item, i) =>
        {
            (int X, int Y)[] outline = MaskPolygon.Of(found.Masks[i]);
            float[] points = [.. outline.SelectMany(point => (float[])
                [(float)frame.X((point.X + 0.5) * across), (float)frame.Y((point.Y + 0.5) * down)])];
            return points.Length == 0 ? item : item with { Outline = points, IsMask = true };
        });
    }

    internal override ITaskPredictor CreatePredictor(PredictionSetup setup) => new SegmentationPredictor(setup);

    internal override BatchPainter CreatePainter(IReadOnlyList<string> classNames) => new MaskBatchPainter(classNames);

    /// <summary>The loss of a head.</summary>
    internal static ICriterion CreateCriterion(
        int distributionBins, IReadOnlyList<int> strides, bool endToEnd, int epochs, LossGains? gains, MaskOptions masks)
    {
        SegmentationLoss Branch(AssignerOptions options) => new(distributionBins, strides, gains, options, masks);
        return endToEnd
            ? new EndToEndLoss(Branch(AssignerOptions.OneToMany), Branch(AssignerOptions.OneToOne), epochs, Share)
            : new ClassicLoss(Branch(AssignerOptions.OneToMany));
    }

    private static MaskOptions Masks(TrainingOptions options) => new(options.OverlapMasks, options.MaskRatio);

    // The one-to-one branch takes prototypes and semantic map as they are: they learn from the other branch alone.
    private static HeadOutput Share(HeadOutput many, HeadOutput one) => one with
    {
        Prototypes = many.Prototypes!.detach(),
        SemanticMap = many.SemanticMap?.detach(),
    };

    private static HeadRule Rule(bool refined) => new(HeadRow(1, 3), (plan, a, blocks) => new Segment(
        SettingsOf(plan, blocks), a.Int(1, Prototypes), a.Int(PrototypeArgument, PrototypeWidth), refined))
    {
        ScaledArgument = PrototypeArgument,
    };
}
