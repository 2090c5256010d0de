using Xunit;
using YoloTune.Evaluation;

namespace YoloTune.Tests.Evaluation;

public sealed class ConfusionTextTests
{
    [Fact]
    public void Few_classes_are_a_grid_of_counts()
    {
        ConfusionMatrix matrix = ConfusionMatrix.OfImages(["circle", "square"]);
        matrix.Add(0, 0);
        matrix.Add(0, 1);
        Assert.Equal(
            ["Predicted  circle  square", "circle          1       1", "square          0       0",
                "Rows are predicted, columns are true."],
            matrix.Lines());
        Assert.Equal("2 classes, 1 of 2 labels right", matrix.ToString());
        Assert.Equal(new ConfusionCell("circle", "square", 1), matrix.Cells[1]);
    }

    [Theory]
    [InlineData(6, 40)]
    [InlineData(30, 79)]
    [InlineData(80, 79)]
    public void No_line_is_wider_than_asked_for(int classes, int width)
    {
        ConfusionMatrix matrix = ConfusionMatrix.OfImages([.. Enumerable.Range(0, classes).Select(id => $"a class with a long name {id}")]);
        for (int i = 0; i < 1234; i++) matrix.Add(0, 1);
        Assert.All(matrix.Lines(width), line => Assert.InRange(line.Length, 1, Math.Max(width, 40)));
        Assert.Contains(matrix.Lines(width), line => line.Contains("1234", StringComparison.Ordinal));
    }
}
