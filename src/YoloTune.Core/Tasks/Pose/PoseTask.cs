using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Pose;

/// <summary>Objects with classes, boxes and keypoints.</summary>
public sealed class PoseTask : YoloTask
{
    /// <inheritdoc/>
    public override string Name => "Pose";

    /// <inheritdoc/>
    public override string ReferenceClass => "PoseModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => PoseLoss.ClassicNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MeasureNames { get; } =
        (string[])[.. MeasureColumns.Of(MeasureColumns.Box), .. MeasureColumns.Of(MeasureColumns.Pose)];

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Pose"] = new(HeadRow(2, 2), (plan, _, blocks) =>
            new Networks.Heads.Pose(SettingsOf(plan, blocks), ShapeOf(plan).Keypoints,
                ShapeOf(plan).Dimensions)) { NeedsKeypointShape = true },
        ["Pose26"] = new(HeadRow(2, 2), (plan, _, blocks) =>
            new Pose26(SettingsOf(plan, blocks), ShapeOf(plan).Keypoints, ShapeOf(plan).Dimensions)) { NeedsKeypointShape = true },
    };

    /// <inheritdoc/>
    internal override IReadOnlyList<string> LossNamesOf(YoloNetwork network) =>
        network.Head is Pose26 ? PoseLoss.FlowNames : PoseLoss.ClassicNames;

    /// <inheritdoc/>
    public override LabelRowKind LabelRows => LabelRowKind.Keypoints;

    /// <inheritdoc/>
    internal override TaskLabels LabelsFor(DatasetDescription description, TrainingOptions options) => KeypointLabels.Of(description);

    /// <inheritdoc/>
    public override void CheckShape(DatasetDescription description, string model, HeadShape? shape)
    {
        if (KeypointLabels.Of(description).Keypoints is var labelled && (shape is null || shape.Fits(labelled.Count, labelled.Dimensions)))
            return;
        throw new DatasetException(
            $"the dataset's kpt_shape is {labelled}, and {model} predicts {shape}.", description.File,
            remedy: $"Give the model the dataset's keypoints: Set-YoloClass {Names(description)} "
                + FormattableString.Invariant($"-KeypointShape {labelled.Count}, {labelled.Dimensions}."));

        static string Names(DatasetDescription data) => string.Join(", ", data.Names.Select(name => $"'{name}'"));
    }

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options)
    {
        KeypointHead head = KeypointHead.Of(network);
        return network.EndToEnd
            ? new EndToEndLoss(Branch(AssignerOptions.OneToMany), Branch(AssignerOptions.OneToOne), options.Epochs)
            : new ClassicLoss(Branch(AssignerOptions.OneToMany));

        PoseLoss Branch(AssignerOptions assigner) => new(head, network.RegMax, network.Strides, options.Gains, assigner);
    }

    internal override ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        new PoseEvaluator(classNames, options);

    internal override IReadOnlyList<DrawnLine>? LinesOf(int keypoints) => Skeleton.Lines(keypoints);

    internal override IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame)
    {
        Detections found = (Detections)result;
        return ResultObjects.Of(found, frame, (item, i) => item with { Points = PointsOf(found.Row(i)[Detections.FixedColumns..], frame) });
    }

    private static float[]? PointsOf(ReadOnlySpan<float> values, ResultFrame frame)
    {
        if (frame.Keypoints == 0) return null;
        int dimensions = values.Length / frame.Keypoints;
        float[] moved = frame.Points(values[..(dimensions * frame.Keypoints)], dimensions);
        float[] points = new float[KeypointShape.Values * frame.Keypoints];
        for (int k = 0; k < frame.Keypoints; k++)
        {
            bool sure = dimensions < KeypointShape.Values || moved[(dimensions * k) + 2] >= Skeleton.ShownConfidence;
            ((float[])[moved[dimensions * k], moved[(dimensions * k) + 1], sure ? 1 : 0]).CopyTo(points, KeypointShape.Values * k);
        }
        return points;
    }

    internal override ITaskPredictor CreatePredictor(PredictionSetup setup) => new PosePredictor(setup);

    internal override BatchPainter CreatePainter(IReadOnlyList<string> classNames) => new PoseBatchPainter(classNames);

    private static (int Keypoints, int Dimensions) ShapeOf(ModelPlan plan) => plan.Definition.KeypointShape!.Value;
}
