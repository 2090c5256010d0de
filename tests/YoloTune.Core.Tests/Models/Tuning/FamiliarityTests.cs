using Xunit;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;

namespace YoloTune.Tests.Models.Tuning;

public sealed class FamiliarityTests
{
    private static readonly StagePlan Plan = PlanOf(StagePresets.Create(StagePreset.FineTune, 10));

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.1, 1)]
    [InlineData(0.225, 0.63246)]
    [InlineData(0.35, 0.4)]
    [InlineData(0.9, 0.4)]
    [InlineData(null, 0.63246)]
    public void The_rate_of_everything_follows_what_the_head_alone_reached(double? fitness, double factor) =>
        Assert.Equal(factor, Familiarity.RateFactor(Plan.Stages[1], [Epoch(fitness)]), 5);

    [Fact]
    public void The_epoch_before_the_stage_counts_and_no_later_one()
    {
        StagePlan plan = PlanOf(StagePresets.Create(StagePreset.FineTune, 20));
        Assert.Equal(0.4, Familiarity.RateFactor(plan.Stages[1], [Epoch(0), Epoch(0.4), Epoch(0)]));
    }

    [Fact]
    public void The_first_stage_and_stages_without_a_factor_keep_their_rate()
    {
        Assert.Equal(1, Familiarity.RateFactor(Plan.Stages[0], []));
        Assert.Null(Familiarity.Describe(Plan.Stages[0], [], "mAP50-95"));
        StagePlan gradual = PlanOf(StagePresets.Create(StagePreset.GradualUnfreeze, 10));
        Assert.Equal(1, Familiarity.RateFactor(gradual.Stages[1], [Epoch(0.9)]));
    }

    [Theory]
    [InlineData(0.02, "reached mAP50-95 0.020: the classes are far from what the model knows, so everything learns at 1.00 of the rate.")]
    [InlineData(0.5, "reached mAP50-95 0.500: the classes are close to what the model knows, so everything learns at 0.40 of the rate.")]
    [InlineData(null, "Without validation")]
    public void It_says_so(double? fitness, string words) =>
        Assert.Contains(words, Familiarity.Describe(Plan.Stages[1], [Epoch(fitness)], "mAP50-95"), StringComparison.Ordinal);

    private static YoloEpoch Epoch(double? fitness) => new() { Epoch = 1, Fitness = fitness };

    private static StagePlan PlanOf(IReadOnlyList<YoloStage> stages)
    {
        RunOptions options = new() { Data = "", Stages = stages };
        return StagePlan.Create(options, StagePlan.Choose(options, 100, 1), batchesPerEpoch: 10, batchSize: 16);
    }
}
