namespace YoloTune.Models.Tuning;

/// <summary>What is frozen on a model and how fast its parameters learn, to come back to.</summary>
/// <param name="Frozen">Names of the frozen items, buffers among them.</param>
/// <param name="TrainableClasses">The classes whose rows alone train.</param>
/// <param name="Multipliers">The learning-rate factors that are not 1, by name.</param>
internal sealed record TuningState(
    IReadOnlyList<string> Frozen, IReadOnlyList<int> TrainableClasses, IReadOnlyDictionary<string, double> Multipliers)
{
    /// <summary>The state of a model.</summary>
    public static TuningState Of(YoloModel model) => new(
        [.. model.Items.Where(item => item.Frozen).Select(item => item.Name)],
        model.TrainableClasses,
        model.Items.Where(item => item.LearningRateMultiplier != 1).ToDictionary(item => item.Name, item => item.LearningRateMultiplier));

    /// <summary>Gives a model this state.</summary>
    public void Apply(YoloModel model)
    {
        HashSet<string> frozen = [.. Frozen];
        foreach (ModelItem item in model.Items)
        {
            item.Frozen = frozen.Contains(item.Name);
            item.LearningRateMultiplier = Multipliers.GetValueOrDefault(item.Name, 1);
        }
        model.TrainableClasses = TrainableClasses;
    }
}
