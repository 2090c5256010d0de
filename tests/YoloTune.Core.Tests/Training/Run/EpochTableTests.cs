using Xunit;
using YoloTune.Runs.Records;
using YoloTune.Tasks;

namespace YoloTune.Tests.Training.Run;

public sealed class EpochTableTests
{
    public static TheoryData<string> Tasks => [.. YoloTask.All.OfType<YoloTask>().Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Lines_of_every_task_fit_80_columns_and_stand_below_their_heading(string name)
    {
        YoloTask task = YoloTask.All.OfType<YoloTask>().Single(task => task.Name == name);
        EpochTable table = new(1000, task.LossNames, task.MeasureNames);
        YoloEpoch epoch = new()
        {
            Epoch = 1000,
            TrainSeconds = 1e5,
            Losses = task.LossNames.ToDictionary(loss => loss, _ => 123.456),
            Measures = task.MeasureNames.ToDictionary(measure => measure, _ => 0.5),
        };
        string line = table.Line(epoch, isBest: true, remaining: 0);
        Assert.InRange(line.Length, 1, 79);
        Assert.Equal(table.Heading.IndexOf("Time", StringComparison.Ordinal) + 4, line.IndexOf("1d04h", StringComparison.Ordinal) + 5);
        Assert.EndsWith("  *", line);
        Assert.Contains(task.MeasureNames.Any(measure => measure.Contains("top1", StringComparison.Ordinal)) ? "top-1" : "mAP50-95",
            table.Heading);
    }

    [Fact]
    public void A_run_without_validation_has_no_measures_and_one_without_a_value_shows_a_dash()
    {
        EpochTable table = new(3, ["box"], []);
        Assert.Equal("  Epoch     box     Time     Left", table.Heading);
        Assert.Equal("    1/3       -     2.0s     4.0s", table.Line(new YoloEpoch { Epoch = 1, TrainSeconds = 2 }, isBest: false,
            remaining: 4));
    }
}
