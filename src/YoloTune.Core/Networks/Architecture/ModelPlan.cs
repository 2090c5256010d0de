using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

/// <summary>
/// A model description after scaling: what each layer is, how wide, and where its inputs come from. It holds no tensors;
/// <see cref="YoloNetwork"/> builds a network of it.
/// </summary>
public sealed class ModelPlan
{
    internal const int ReferenceClassCount = 80;

    internal ModelPlan(
        ModelDefinition definition, PlanOptions options, ModelScale scale, IReadOnlyList<LayerPlan> layers, IReadOnlyList<int> save,
        bool legacyClassBranch, IReadOnlyList<string> warnings)
    {
        (Definition, Options, Scale, Layers, Save) = (definition, options, scale, layers, save);
        (LegacyClassBranch, Warnings) = (legacyClassBranch, warnings);
    }

    /// <summary>The description this is a plan of.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>The options it was made with.</summary>
    public PlanOptions Options { get; }

    /// <summary>The multipliers that were applied; the letter is the one that counts after defaulting.</summary>
    public ModelScale Scale { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<LayerPlan> Layers { get; }

    /// <summary>The layers whose outputs later layers read by number, sorted, with repetitions: the reference's savelist.</summary>
    public IReadOnlyList<int> Save { get; }

    /// <summary>What a user should hear about decisions taken.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What the head predicts.</summary>
    public NetworkTask Task => Definition.Task;

    /// <summary>Number of classes.</summary>
    public int ClassCount => Definition.ClassCount!.Value;

    /// <summary>Channels of the image.</summary>
    public int Channels => Definition.Channels;

    /// <summary>The last layer.</summary>
    public LayerPlan Head => Layers[^1];

    /// <summary>Distribution bins a box side has; v10's head always has 16.</summary>
    public int RegMax => NetworkTask.HeadOf(Head.Module)?.RegMax ?? Definition.RegMax;

    /// <summary>Whether the head has the one-to-one branch; v10's head always has.</summary>
    public bool EndToEnd => Task.PredictsObjects && (NetworkTask.HeadOf(Head.Module) is { AlwaysEndToEnd: true } || Definition.EndToEnd);

    /// <summary>Whether the class branch is the one of families before YOLO11.</summary>
    public bool LegacyClassBranch { get; }

    /// <summary>Whether the first convolution of an SPPF is followed by its activation.</summary>
    public bool SppfActivation => Options.SppfActivation ?? (ModelNames.ReleaseOf(Definition.Name) is >= 5 and <= 12);

    /// <summary>The hidden width of a detection head's class branch; null for classification.</summary>
    public int? ClassBranchWidth
    {
        get
        {
            if (!Task.PredictsObjects) return null;
            int classes = Options.KeepClassBranch ? Math.Max(ClassCount, ReferenceClassCount) : ClassCount;
            return Options.ClassBranchWidth ?? Math.Max(Head.InputChannels[0], Math.Min(classes, 100));
        }
    }

    /// <summary>Scales a description.</summary>
    /// <exception cref="ModelFormatException">
    /// A row names an unknown module or a layer that is not before it, has a wrong number of arguments, or the scale is not there.
    /// </exception>
    public static ModelPlan Create(ModelDefinition definition, PlanOptions? options = null) =>
        new PlanBuilder(definition, options ?? new()).Build();
}
