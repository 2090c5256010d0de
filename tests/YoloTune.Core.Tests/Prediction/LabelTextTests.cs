using System.Globalization;
using Xunit;
using YoloTune.Prediction;

namespace YoloTune.Tests.Prediction;

public sealed class LabelTextTests
{
    private static readonly ImagePrediction Prediction = new(
        Path.Combine("some", "my picture.jpg"), 300, 400,
        [
            new YoloDetection("", 2, "car", 0.87654321, 100, 30, 300, 90), new YoloDetection("", 0, "person", 0.5, 0, 0, 400.0 / 3, 300),
        ]);

    [Fact]
    public void Lines_hold_class_and_normalised_box_in_any_culture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("2 0.5 0.2 0.5 0.2\n0 0.166667 0.5 0.333333 1\n", LabelText.Format(Prediction));
            Assert.Equal("2 0.5 0.2 0.5 0.2 0.876543\n0 0.166667 0.5 0.333333 1 0.5\n", LabelText.Format(Prediction, withConfidence: true));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Writing_twice_does_not_double_the_labels()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "labels", "my picture.txt");
        Assert.True(LabelText.Write(file, Prediction));
        Assert.True(LabelText.Write(file, Prediction));
        Assert.Equal(2, File.ReadAllLines(file).Length);
    }

    [Fact]
    public void Without_detections_a_file_that_is_there_becomes_empty()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "labels", "my picture.txt");
        LabelText.Write(file, Prediction);
        Assert.True(LabelText.Write(file, Prediction with { Detections = [] }));
        Assert.Equal("", File.ReadAllText(file));
    }

    [Fact]
    public void Without_detections_in_a_new_folder_nothing_is_made()
    {
        using TemporaryFolder folder = new();
        Assert.False(LabelText.Write(Path.Combine(folder.Path, "labels", "a.txt"), Prediction with { Detections = [] }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
