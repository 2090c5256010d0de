using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Models.Tuning;

/// <summary>Says how fast parameters learn compared with the rest, independent of a model: discriminative learning rates.</summary>
/// <remarks>
/// Layer decay is that of BEiT (Bao et al. 2022) as timm computes it: the last layer, the head, has factor 1, and every layer before it
/// the factor of the layer behind it times the decay, down to a floor.
/// </remarks>
public sealed record LearningRateSelection
{
    /// <summary>Which items; for layer decay everything.</summary>
    public ItemSelection Items { get; init; } = new() { All = true };

    /// <summary>The factor on the learning rate.</summary>
    public double Multiplier { get; init; } = 1;

    /// <summary>The factor from one layer to the one before it; null for the same factor everywhere.</summary>
    public double? LayerDecay { get; init; }

    /// <summary>The least factor that layer decay goes down to.</summary>
    public double Minimum { get; init; }

    /// <summary>One factor for a selection of items.</summary>
    public static LearningRateSelection Of(ItemSelection items, double multiplier) => new() { Items = items, Multiplier = multiplier };

    /// <summary>Factors that fall geometrically from the head to the image.</summary>
    /// <param name="decay">The factor from one layer to the one before it, above 0 and at most 1.</param>
    /// <param name="minimum">The least factor.</param>
    public static LearningRateSelection Decay(double decay, double minimum = 0) => new() { LayerDecay = decay, Minimum = minimum };

    /// <summary>Finds the parameters on a model; nothing is changed yet.</summary>
    /// <exception cref="SelectionException">The selection matches nothing, or a number is out of its range.</exception>
    public LearningRatePlan Resolve(YoloModel model)
    {
        Check();
        List<ModelItem> items = [.. Items.Find(model).Where(item => !item.IsBuffer && !item.IsConstant)];
        if (items.Count == 0)
        {
            throw new SelectionException($"{Items}: nothing in {model.Name} matches.",
                remedy: "Look at Get-YoloParameter for names, parts and origins.");
        }
        return new LearningRatePlan(model, items.ToDictionary(item => item.Name, item => FactorOf(item.Layer, model.Layers.Count)),
            ToString());
    }

    /// <summary>The selection in words.</summary>
    public override string ToString() => LayerDecay is double decay
        ? string.Create(CultureInfo.InvariantCulture,
            $"layer decay {decay:0.####}{(Minimum > 0 ? string.Create(CultureInfo.InvariantCulture, $", at least {Minimum:0.####}") : "")}")
        : string.Create(CultureInfo.InvariantCulture, $"{Items} x {Multiplier:0.####}");

    private double FactorOf(int layer, int layers) =>
        LayerDecay is double decay ? Math.Max(Minimum, Math.Pow(decay, layers - 1 - layer)) : Multiplier;

    private void Check()
    {
        if (!(Multiplier >= 0 && double.IsFinite(Multiplier)))
            throw Wrong("multiplier", Multiplier, "Give a number from 0 on; 1 is the learning rate as it is.");
        if (LayerDecay is double decay && !(decay > 0 && decay <= 1))
            throw Wrong("layer decay", decay, "Give a number above 0 and up to 1.");
        if (!(Minimum >= 0 && Minimum <= 1)) throw Wrong("minimum", Minimum, "Give a number from 0 to 1.");
    }

    private static SelectionException Wrong(string what, double value, string remedy) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the {what} cannot be {value}."), remedy: remedy);
}
