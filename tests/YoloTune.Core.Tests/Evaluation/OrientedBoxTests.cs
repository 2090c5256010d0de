using System.Text.Json;
using Xunit;
using YoloTune.Data;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.Evaluation;

public sealed class OrientedBoxTests
{
    private const string Folder = "reference/tasks/obb/goldens/";

    [SkippableFact]
    public void Corners_become_the_boxes_of_the_golden_and_corners_again()
    {
        using JsonDocument document = Shared.Json(Folder + "convert.json");
        foreach (JsonElement golden in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = golden.GetProperty("name").GetString()!;
            float[] corners = Golden.Floats(golden.GetProperty("corners")), expected = Golden.Floats(golden.GetProperty("xywhr"));
            OrientedBox box = OrientedBox.Around(corners);
            Contains(box, corners, name);
            if (name.Contains("triangle", StringComparison.Ordinal))
            {
                // Three rectangles of one area fit; any is right.
                Assert.Equal(expected[2] * expected[3], box.Width * box.Height, expected[2] * expected[3] * 1e-5f);
            }
            else Same(expected, box, name);
            Assert.InRange(box.Angle, -MathF.PI / 4, 3 * MathF.PI / 4);
            Assert.True(box.Width >= box.Height, name);

            float[] back = new OrientedBox(expected[0], expected[1], expected[2], expected[3], expected[4]).Corners();
            float[] goldenBack = Golden.Floats(golden.GetProperty("corners_back"));
            for (int i = 0; i < 8; i++) Assert.Equal(goldenBack[i], back[i], 1e-4f);
        }
    }

    [SkippableFact]
    public void Regularized_boxes_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(Folder + "convert.json");
        JsonElement golden = document.RootElement.GetProperty("regularise");
        foreach ((JsonElement input, JsonElement output) in golden.GetProperty("input").EnumerateArray()
            .Zip(golden.GetProperty("output").EnumerateArray()))
        {
            float[] given = Golden.Floats(input), expected = Golden.Floats(output);
            OrientedBox box = new OrientedBox(given[0], given[1], given[2], given[3], given[4]).Regularized();
            float[] actual = [box.X, box.Y, box.Width, box.Height, box.Angle];
            for (int i = 0; i < 5; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData(0.3, 12)]
    [InlineData(0.7, 37)]
    [InlineData(1.9, 80)]
    public void A_rectangle_in_whatever_order_gives_itself(double angle, double width)
    {
        OrientedBox given = new(50, 40, (float)width, 10, (float)angle);
        float[] c = given.Corners();
        float[] crossed = [c[0], c[1], c[4], c[5], c[2], c[3], c[6], c[7]];
        foreach (float[] corners in (float[][])[c, [.. c[4..], .. c[..4]], crossed])
            Same([50, 40, (float)width, 10, (float)angle], OrientedBox.Around(corners), "turned");
    }

    [Fact]
    public void A_point_and_a_line_have_no_area()
    {
        Assert.Equal(new OrientedBox(3, 4, 0, 0, 0), OrientedBox.Around([3, 4, 3, 4, 3, 4, 3, 4]));
        OrientedBox line = OrientedBox.Around([0, 0, 3, 4]);
        Assert.Equal(5, line.Width, 1e-5f);
        Assert.Equal(0, line.Height, 1e-5f);
        Assert.Equal(Math.Atan2(4, 3), line.Angle, 1e-5f);
    }

    internal static void Same(float[] expected, OrientedBox actual, string what, float pixels = 1e-4f, float radians = 1e-5f)
    {
        Assert.True(Math.Abs(expected[0] - actual.X) <= pixels && Math.Abs(expected[1] - actual.Y) <= pixels
            && Math.Abs(expected[2] - actual.Width) <= pixels && Math.Abs(expected[3] - actual.Height) <= pixels,
            $"{what}: {actual}, not {string.Join(", ", expected)}");
        if (expected[2] == 0) return;
        // README: angles modulo pi, and modulo pi/2 where the sides are equal.
        double period = Math.Abs(expected[2] - expected[3]) <= pixels ? Math.PI / 2 : Math.PI;
        double difference = Math.IEEERemainder(expected[4] - actual.Angle, period);
        Assert.True(Math.Abs(difference) <= radians, $"{what}: angle {actual.Angle}, not {expected[4]}");
    }

    private static void Contains(OrientedBox box, float[] points, string name)
    {
        (double cosine, double sine) = (Math.Cos(box.Angle), Math.Sin(box.Angle));
        for (int i = 0; i < points.Length; i += 2)
        {
            double dx = points[i] - box.X, dy = points[i + 1] - box.Y;
            Assert.True(Math.Abs((dx * cosine) + (dy * sine)) <= (box.Width / 2) + 1e-3, name);
            Assert.True(Math.Abs((dy * cosine) - (dx * sine)) <= (box.Height / 2) + 1e-3, name);
        }
    }
}
