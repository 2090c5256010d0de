using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Training;

namespace YoloTune.Tests.Training;

public sealed class TrainingStateTests
{
    [SkippableFact]
    public void Decay_table_of_the_average_equals_the_golden()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "ema.json");
        foreach (JsonElement row in document.RootElement.GetProperty("table").EnumerateArray())
        {
            double decay = ModelAverage.DecayAt(row.GetProperty("k").GetInt64());
            Assert.InRange(decay - row.GetProperty("d").GetDouble(), -1e-12, 1e-12); // README: 1e-12
        }
    }

    [SkippableFact]
    public void Average_of_a_toy_model_equals_the_golden_with_statistics_and_without_counters()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "ema.json");
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> model = State(document.RootElement.GetProperty("toy_initial"));
        using ModelAverage average = new(model.Select(entry => (entry.Key, entry.Value)));
        foreach (JsonElement step in document.RootElement.GetProperty("toy_steps").EnumerateArray())
        {
            foreach ((string name, torch.Tensor value) in State(step.GetProperty("model"))) model[name].copy_(value);
            average.Update();
            Dictionary<string, torch.Tensor> expected = State(step.GetProperty("ema"));
            foreach ((string name, torch.Tensor tensor) in average.State) Golden.Close(expected[name], tensor, 1e-6, name); // README: 1e-6
        }
        Assert.Equal(5, average.Updates);
    }

    [Fact]
    public void Average_comes_back_as_it_was_saved()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor weight = torch.randn(3, 3);
        using ModelAverage first = new([("w", weight)]);
        weight.add_(1);
        first.Update();
        using ModelAverage second = new([("w", weight)]);
        second.Restore(first.State.ToDictionary(entry => entry.Name, entry => entry.Tensor), first.Updates);
        weight.add_(1);
        first.Update();
        second.Update();
        Golden.Close(first.State.Single().Tensor, second.State.Single().Tensor, 0);
        Assert.Throws<TrainingException>(() => second.Restore(new Dictionary<string, torch.Tensor>(), 1));
    }

    [SkippableFact]
    public void Early_stopping_follows_the_golden_traces()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "misc.json");
        foreach (JsonElement trace in document.RootElement.GetProperty("traces").EnumerateArray())
        {
            EarlyStopping stopping = new(trace.GetProperty("patience").GetInt32());
            foreach (JsonElement row in trace.GetProperty("trace").EnumerateArray())
            {
                JsonElement fitness = row.GetProperty("fitness");
                bool stop = stopping.Update(
                    row.GetProperty("epoch").GetInt32(), fitness.ValueKind == JsonValueKind.Null ? null : fitness.GetDouble());
                Assert.Equal(row.GetProperty("stop").GetBoolean(), stop);
                Assert.Equal(row.GetProperty("possible_stop").GetBoolean(), stopping.MayStopNext);
                Assert.Equal(row.GetProperty("best_epoch").GetInt32(), stopping.BestEpoch);
                Assert.Equal(row.GetProperty("best_fitness").GetDouble(), stopping.BestFitness);
            }
        }
    }

    public static TheoryData<TrainingOptions, string> WrongOptions => new()
    {
        { new() { Epochs = 0 }, "Epochs" },
        { new() { BatchSize = 0 }, "BatchSize" },
        { new() { ImageSize = 16 }, "ImageSize" },
        { new() { LearningRate = 0 }, "LearningRate" },
        { new() { LearningRate = double.NaN }, "LearningRate" },
        { new() { LearningRate = double.PositiveInfinity }, "LearningRate" },
        { new() { FinalLearningRate = 2 }, "FinalLearningRate" },
        { new() { Momentum = 1 }, "Momentum" },
        { new() { WeightDecay = -1 }, "WeightDecay" },
        { new() { Patience = -1 }, "Patience" },
        { new() { Fraction = 0 }, "Fraction" },
        { new() { Gains = new() { Box = double.NaN } }, "Gains.Box" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void An_option_out_of_its_range_is_refused_with_name_and_remedy(TrainingOptions options, string name)
    {
        TrainingException error = Assert.Throws<TrainingException>(() => options.Checked());
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Default_options_pass_their_checks_and_carry_the_reference_names()
    {
        IReadOnlyDictionary<string, object> arguments = new TrainingOptions().Checked().ToArguments();
        Assert.Equal(100, arguments["epochs"]);
        Assert.Equal("auto", arguments["optimizer"]);
        Assert.Equal(7.5, arguments["box"]);
        Assert.Equal(0.1, arguments["warmup_bias_lr"]);
        Assert.Equal(0.015, arguments["hsv_h"]);
        Assert.Equal(false, arguments["cache"]);
    }

    private static Dictionary<string, torch.Tensor> State(JsonElement state) =>
        state.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ValueKind switch
        {
            JsonValueKind.Number => torch.tensor(entry.Value.GetInt64()),
            _ when entry.Value[0].ValueKind == JsonValueKind.Array => entry.Value.Tensor(entry.Value.GetArrayLength(), -1),
            _ => entry.Value.Tensor(-1),
        });
}
