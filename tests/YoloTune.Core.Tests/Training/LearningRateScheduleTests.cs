using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Training;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Tests.Training;

public sealed class LearningRateScheduleTests
{
    // 1e-9 as the reference's README states.
    private const double Tolerance = 1e-9;

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_batch_of_a_recorded_run_is_reproduced_by_the_reference_rules(int index)
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "schedule.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("cases")[index];
        TrainingOptions options = Options(golden.GetProperty("args"));
        OptimizerChoice choice = AutomaticOptimizer.Choose(options, imageCount: 128, classCount: 80);
        IReadOnlyList<ParameterGroup> groups = Groups(
            choice, LearningRateSchedule.ScaledWeightDecay(options.WeightDecay, options.BatchSize));
        LearningRateSchedule schedule = new(options.ScheduleFor(choice, golden.GetProperty("nb").GetInt32()));

        Assert.Equal(golden.GetProperty("optimizer_class").GetString(), choice.Kind.ToString());
        Assert.Equal(golden.GetProperty("warmup_iterations").GetInt64(), schedule.WarmupIterations);
        Close(golden.GetProperty("initial_lr").Doubles(), groups.Select(group => group.InitialLearningRate));
        Close(golden.GetProperty("weight_decay_per_group").Doubles(), groups.Select(group => group.WeightDecay));
        long lastStep = -1;
        int steps = 0;
        foreach (JsonElement batch in golden.GetProperty("iterations").EnumerateArray())
        {
            long iteration = batch.GetProperty("ni").GetInt64();
            int accumulate = schedule.Apply(groups, batch.GetProperty("epoch").GetInt32(), iteration);
            Close(batch.GetProperty("lr").Doubles(), groups.Select(group => group.LearningRate));
            Close(batch.GetProperty("momentum").Doubles(), groups.Select(group => group.Momentum));
            Assert.Equal(batch.GetProperty("accumulate").GetInt32(), accumulate);
            bool stepped = iteration - lastStep >= accumulate;
            if (stepped) (lastStep, steps) = (iteration, steps + 1);
            Assert.Equal(batch.GetProperty("stepped").GetBoolean(), stepped);
        }
        Assert.Equal(golden.GetProperty("optimizer_steps").GetInt32(), steps);
    }

    [Fact]
    public void Warm_up_takes_at_most_the_stated_share_of_a_short_run()
    {
        TrainingOptions options = new() { Epochs = 10, Optimizer = OptimizerKind.SGD };
        OptimizerChoice choice = AutomaticOptimizer.Choose(options, 100, 3);
        Assert.Equal(21, new LearningRateSchedule(options.ScheduleFor(choice, 7)).WarmupIterations);
        TrainingOptions reference = options with { Rules = TrainingRules.Reference };
        Assert.Equal(100, new LearningRateSchedule(reference.ScheduleFor(choice, 7)).WarmupIterations);
        Assert.Equal(3000, new LearningRateSchedule(new TrainingOptions().ScheduleFor(choice, 1000)).WarmupIterations);
    }

    [Fact]
    public void Accumulation_rises_over_the_whole_warm_up_even_where_that_is_cut_short()
    {
        TrainingOptions options = new() { Epochs = 10 };
        OptimizerChoice choice = AutomaticOptimizer.Choose(options, 205, 3);
        LearningRateSchedule schedule = new(options.ScheduleFor(choice, 13));
        LearningRateSchedule reference = new((options with { Rules = TrainingRules.Reference }).ScheduleFor(choice, 13));
        Assert.Equal(39, schedule.WarmupIterations);
        Assert.All(Enumerable.Range(0, 130), batch => Assert.Equal(reference.Accumulate(batch), schedule.Accumulate(batch)));
    }

    [Theory]
    [InlineData(TrainingRules.YoloTune, 10, 0, true)]
    [InlineData(TrainingRules.YoloTune, 9, 0, true)]
    [InlineData(TrainingRules.YoloTune, 20, 9, false)]
    [InlineData(TrainingRules.YoloTune, 20, 10, true)]
    [InlineData(TrainingRules.Reference, 10, 0, true)]
    [InlineData(TrainingRules.Reference, 9, 8, false)]
    public void Mosaic_closes_for_the_last_epochs(TrainingRules rules, int epochs, int epoch, bool closed)
    {
        Assert.Equal(closed, new TrainingOptions { Epochs = epochs, Rules = rules }.ClosesMosaic(epoch));
        Assert.False(new TrainingOptions { Epochs = epochs, Rules = rules, CloseMosaic = 0 }.ClosesMosaic(epoch));
    }

    [SkippableFact]
    public void Automatic_decisions_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "optimizer_auto.json");
        foreach (JsonElement golden in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            TrainingOptions options = new()
            {
                BatchSize = golden.GetProperty("batch").GetInt32(), Epochs = golden.GetProperty("epochs").GetInt32(),
            };
            OptimizerChoice choice =
                AutomaticOptimizer.Choose(options, golden.GetProperty("images").GetInt32(), golden.GetProperty("nc").GetInt32());
            Assert.Equal(golden.GetProperty("optimizer").GetString(), choice.Kind.ToString());
            Assert.Equal(golden.GetProperty("lr").GetDouble(), choice.LearningRate);
            Assert.Equal(golden.GetProperty("momentum_or_beta1").GetDouble(), choice.Momentum);
            Assert.Equal(golden.GetProperty("warmup_bias_lr_after").GetDouble(), choice.WarmupBiasLearningRate);
        }
    }

    [Fact]
    public void A_given_learning_rate_wins_over_the_automatic_choice()
    {
        TrainingOptions options = new() { LearningRate = 0.0042 };
        Assert.Equal(0.0042, AutomaticOptimizer.Choose(options, 100, 3).LearningRate);
        TrainingOptions reference = options with { Rules = TrainingRules.Reference };
        Assert.Equal(0.001429, AutomaticOptimizer.Choose(reference, 100, 3).LearningRate);
    }

    private static TrainingOptions Options(JsonElement args)
    {
        string optimizer = args.GetProperty("optimizer").GetString()!;
        bool automatic = optimizer == "auto";
        return new()
        {
            Rules = TrainingRules.Reference,
            Optimizer = Enum.Parse<OptimizerKind>(optimizer, ignoreCase: true),
            Epochs = args.GetProperty("epochs").GetInt32(),
            BatchSize = args.GetProperty("batch").GetInt32(),
            LearningRate = args.GetProperty("lr0").GetDouble(),
            FinalLearningRate = args.GetProperty("lrf").GetDouble(),
            Cosine = args.GetProperty("cos_lr").GetBoolean(),
            Momentum = args.GetProperty("momentum").GetDouble(),
            WarmupEpochs = args.GetProperty("warmup_epochs").GetDouble(),
            WarmupMomentum = args.GetProperty("warmup_momentum").GetDouble(),
            WarmupBiasLearningRate = automatic ? null : args.GetProperty("warmup_bias_lr").GetDouble(),
            NominalBatchSize = args.GetProperty("nbs").GetInt32(),
        };
    }

    private static IReadOnlyList<ParameterGroup> Groups(OptimizerChoice choice, double weightDecay) => ParameterGroups.Create(
        [new("a.weight", torch.zeros(2, 2)), new("b.weight", torch.zeros(2)), new("b.bias", torch.zeros(2))],
        choice.Kind, choice.LearningRate, choice.Momentum, weightDecay);

    private static void Close(double[] expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -Tolerance, Tolerance));
}
