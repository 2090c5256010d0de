using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using YoloTune.Prediction;
using YoloTune.Training;

namespace YoloTune.Tasks.Classification;

/// <summary>One class for the whole image.</summary>
public sealed class ClassificationTask : YoloTask
{
    /// <inheritdoc/>
    public override string Name => "Classify";

    /// <inheritdoc/>
    public override string ReferenceClass => "ClassificationModel";

    /// <inheritdoc/>
    public override int DefaultImageSize => 224;

    /// <inheritdoc/>
    public override int LeastSizeStep => 32;

    /// <inheritdoc/>
    public override bool PredictsObjects => false;

    /// <inheritdoc/>
    public override bool PredictsUprightBoxes => false;

    /// <inheritdoc/>
    public override double NormEpsilon => BlockSettings.TorchNormEpsilon;

    /// <inheritdoc/>
    public override double NormMomentum => BlockSettings.TorchNormMomentum;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => ClassificationLoss.PartNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MeasureNames { get; } = (string[])[MeasureColumns.Top1, MeasureColumns.Top5];

    /// <inheritdoc/>
    public override string FitnessName => "mean of top-1 and top-5";

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Classify"] = new(new ModuleRule(ModuleGroup.JoiningHead, 1, 5), (_, a, blocks) => new Classify(
            blocks, a.Int(0), a.Int(1), a.Int(2, 1), a.Int(3, 1), a.OptionalInt(4), a.Int(5, 1)))
        {
            ReadClasses = Classify.ReadClasses,
        },
    };

    /// <inheritdoc/>
    internal override TaskLabels LabelsFor(DatasetDescription description, TrainingOptions options) => TaskLabels.Whole;

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options)
    {
        Dropout dropout = ((Classify)network.Layers[^1].Module).Dropout;
        dropout.Fraction = options.Dropout;
        return new ClassificationLoss(epoch => dropout.Seed(new RandomStream(options.Seed, "dropout", epoch).NextBits()));
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> OwnOptions { get; } = [nameof(TrainingOptions.Dropout)];

    internal override ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) => options.SingleClass
        ? throw new SelectionException(
            "with all classes taken for one there is nothing to measure of a classifier.", remedy: "Leave -SingleClass out.")
        : new ClassificationEvaluator(classNames, options);

    internal override IReadOnlyList<ImageObject> ObjectsOf(ImageResult result, ResultFrame frame)
    {
        ClassScores scores = (ClassScores)result;
        int best = scores.Best[0];
        ImageObject whole = new(best, frame.ClassNames[best], 0, 0, frame.Source.OriginalWidth, frame.Source.OriginalHeight)
        {
            Confidence = scores.Of(best), IsWhole = true,
        };
        return [whole];
    }

    internal override ITaskPredictor CreatePredictor(PredictionSetup setup) => new ClassificationPredictor(setup);

    internal override BatchPainter CreatePainter(IReadOnlyList<string> classNames) => new ClassificationPainter(classNames);
}
