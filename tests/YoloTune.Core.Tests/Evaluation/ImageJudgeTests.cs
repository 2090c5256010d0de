using Xunit;
using YoloTune.Evaluation;

namespace YoloTune.Tests.Evaluation;

public sealed class ImageJudgeTests
{
    [Fact]
    public void Each_label_and_prediction_is_counted_once_under_what_became_of_it()
    {
        ImageMeasure image = Compare(
            [Label(0, 0, 0, 10, 10), Label(0, 20, 0, 30, 10), Label(1, 40, 0, 50, 10), Label(1, 60, 0, 70, 10)],
            [
                Found(0, 0.9, 0, 0, 10, 10), Found(0, 0.8, 0, 1, 10, 11),      // the second finds the label taken
                Found(1, 0.7, 20, 0, 30, 10), Found(1, 0.6, 46, 0, 56, 10),   // confused, badly placed
            ]);
        Assert.Equal((4, 1, 1, 1, 1, 1), (image.Labels, image.Correct, image.Confused, image.Misplaced, image.Missed, image.False));
        Assert.Equal("a.jpg: 1 of 4 correct, 1 missed, 1 false, 1 confused, 1 misplaced", image.ToString());
        Assert.Equal("class 0", image.Objects.Single(item => item is { Verdict: ObjectVerdict.Confused, IsLabel: false }).Counterpart);
        Assert.InRange(image.Score, 0.1, 0.5);
    }

    [Fact]
    public void A_score_falls_with_the_mistakes_and_with_how_sure_they_are()
    {
        double[] scores =
        [
            Compare([Label(0, 0, 0, 10, 10)], [Found(0, 0.5, 0, 0, 10, 10)]).Score,
            Compare([], []).Score,
            Compare([], [Found(0, 0.3, 0, 0, 10, 10)]).Score,
            Compare([], [Found(0, 0.9, 0, 0, 10, 10)]).Score,
            Compare([Label(0, 0, 0, 10, 10)], []).Score,
            Compare([Label(0, 0, 0, 10, 10), Label(0, 20, 0, 30, 10)], []).Score,
        ];
        Assert.Equal([1, 1], scores[..2]);
        Assert.Equal(scores[1..].OrderDescending(), scores[1..]);
        Assert.Equal(5, scores[1..].Distinct().Count());
    }

    [Fact]
    public void A_whole_image_scores_by_how_sure_its_class_is()
    {
        ImageObject label = Label(0, 0, 0, 8, 8) with { IsWhole = true };
        ImageObject right = Found(0, 0.9, 0, 0, 8, 8) with { IsWhole = true }, wrong = Found(1, 0.9, 0, 0, 8, 8) with { IsWhole = true };
        Assert.Equal((0.95, 1), (Compare([label], [right]).Score, Compare([label], [right]).Correct));
        Assert.Equal((0.05, 1), (Math.Round(Compare([label], [wrong]).Score, 6), Compare([label], [wrong]).Confused));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Math.PI / 2, 1)]
    [InlineData(Math.PI / 4, 0.7071)]
    public void Oriented_boxes_overlap_by_the_area_that_both_cover(double angle, double expected)
    {
        ImageObject one = Turned(0), other = Turned(angle);
        Assert.Equal(expected, OutlineOverlap.Of(one, other), 3);
        Assert.Equal(expected, OutlineOverlap.Of(other, one), 3);
    }

    private static ImageMeasure Compare(ImageObject[] labels, ImageObject[] found) =>
        ImageJudge.Compare("/x/a.jpg", 100, 100, labels, found);

    private static ImageObject Label(int id, double x1, double y1, double x2, double y2) => new(id, $"class {id}", x1, y1, x2, y2);

    private static ImageObject Found(int id, double confidence, double x1, double y1, double x2, double y2) =>
        Label(id, x1, y1, x2, y2) with { Confidence = confidence };

    private static ImageObject Turned(double angle) => LabelObjects.Oriented(Label(0, 0, 0, 0, 0), new(50, 50, 20, 20, (float)angle));
}
