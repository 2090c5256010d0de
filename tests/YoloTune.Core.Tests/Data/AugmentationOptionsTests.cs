using System.Globalization;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;

namespace YoloTune.Tests.Data;

public sealed class AugmentationOptionsTests
{
    [Fact]
    public void Options_are_set_by_the_references_names_in_any_case_and_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            AugmentationOptions options = new AugmentationOptions().With("HSV_h", 0.5).With("degrees", "1.5")
                .With("copy_paste_mode", "mixup");
            Assert.Equal((0.5, 1.5, CopyPasteMode.MixUp), (options.HsvH, options.Degrees, options.CopyPasteMode));
            Assert.Equal(0.015, new AugmentationOptions().ToDictionary()["hsv_h"]);
            new AugmentationOptions().Validate();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("hsvh", 1.0, "no augmentation option 'hsvh'")]
    [InlineData("fliplr", 1.5, "between 0 and 1")]
    [InlineData("mosaic", "often", "not a number")]
    [InlineData("scale", double.NaN, "not a number")]
    [InlineData("mosaic_n", 5, "4 or 9")]
    public void A_wrong_name_or_value_says_what_is_allowed(string name, object value, string words)
    {
        SelectionException error = Assert.Throws<SelectionException>(() => new AugmentationOptions().With(name, value));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drawn_values_keep_to_their_distributions()
    {
        RandomStream stream = new(1, "test");
        double[] uniform = [.. Enumerable.Range(0, 20_000).Select(_ => stream.Uniform(-2, 4))];
        Assert.Equal(1, uniform.Average(), 0.05); // 4 standard errors
        Assert.InRange(uniform.Min(), -2, -1.99);
        double[] beta = [.. Enumerable.Range(0, 20_000).Select(_ => stream.Beta(32, 32))];
        Assert.Equal(0.5, beta.Average(), 0.002);
        Assert.Equal(Math.Sqrt(0.25 / 65), Math.Sqrt(beta.Average(value => (value - 0.5) * (value - 0.5))), 0.002);
        Assert.Equal(Enumerable.Range(0, 50), stream.Permutation(50).Order());
        Assert.Equal(new RandomStream(3, "a", 1, 2).NextBits(), new RandomStream(3, "a", 1, 2).NextBits());
        Assert.NotEqual(new RandomStream(3, "a", 1, 2).NextBits(), new RandomStream(3, "a", 2, 1).NextBits());
    }
}
