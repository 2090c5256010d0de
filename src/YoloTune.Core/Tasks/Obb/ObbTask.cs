using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Prediction;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Obb;

/// <summary>Objects with classes and oriented boxes.</summary>
public sealed class ObbTask : YoloTask
{
    /// <inheritdoc/>
    public override string Name => "Obb";

    /// <inheritdoc/>
    public override string ReferenceClass => "OBBModel";

    /// <inheritdoc/>
    public override bool PredictsUprightBoxes => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => ObbLoss.PartNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MeasureNames { get; } = MeasureColumns.Of(MeasureColumns.Box);

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["OBB"] = new(HeadRow(1, 2), (plan, a, blocks) => new OBB(SettingsOf(plan, blocks), a.Int(1, 1), direct: false)),
        ["OBB26"] = new(HeadRow(1, 2), (plan, a, blocks) => new OBB(SettingsOf(plan, blocks), a.Int(1, 1), direct: true)),
    };

    /// <inheritdoc/>
    public override LabelRowKind LabelRows => LabelRowKind.Corners;

    /// <inheritdoc/>
    internal override TaskLabels LabelsFor(DatasetDescription description, TrainingOptions options) => new RotatedLabels();

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options)
    {
        return network.EndToEnd
            ? new EndToEndLoss(Branch(AssignerOptions.OneToMany), Branch(AssignerOptions.OneToOne), options.Epochs)
            : new ClassicLoss(Branch(AssignerOptions.OneToMany));

        ObbLoss Branch(AssignerOptions assigner) => new(network.RegMax, network.Strides, options.Gains, assigner);
    }

    internal override ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        new ObbEvaluator(classNames, options);

    internal override IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame)
    {
        Detections found = (Detections)result;
        return ResultObjects.Of(found, frame, (item, i) =>
        {
            OrientedBox box = RotatedPostprocessor.Box(found, i);
            (double gain, double padX, double padY) = (frame.Source.Gain, frame.Source.PadX, frame.Source.PadY);
            return LabelObjects.Oriented(item, new(
                (float)((box.X - padX) / gain), (float)((box.Y - padY) / gain), (float)(box.Width / gain), (float)(box.Height / gain),
                    box.Angle));
        });
    }

    internal override ITaskPredictor CreatePredictor(PredictionSetup setup) => new ObbPredictor(setup);

    internal override BatchPainter CreatePainter(IReadOnlyList<string> classNames) => new ObbBatchPainter(classNames);
}
