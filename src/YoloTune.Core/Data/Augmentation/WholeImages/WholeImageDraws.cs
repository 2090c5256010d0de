using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Draws what happens to a training image that has a class as a whole.</summary>
internal static class WholeImageDraws
{
    private const int Tries = 10, RandLevel = 9, RandOperations = 2, MixSeverity = 3, MixWidth = 3, MixDepth = 3;
    private const double NarrowestCrop = 3 / 4.0, WidestCrop = 4 / 3.0;
    private const double SmallestErasure = 0.02, LargestErasure = 0.33, NarrowestErasure = 0.3, WidestErasure = 3.3;

    /// <summary>Whether an image always makes the same item, as far as items of whole images go.</summary>
    public static bool AreOff(AugmentationOptions options) => options is { Scale: 0, FlipLr: 0, FlipUd: 0, Erasing: 0 }
        && options.AutoAugment == AutoAugmentKind.None && options is { HsvH: 0, HsvS: 0, HsvV: 0 };

    /// <summary>Draws for an image.</summary>
    /// <param name="stream">The random numbers.</param>
    /// <param name="options">How images are varied.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="size">The side of the result.</param>
    public static WholeImageDraw Draw(RandomStream stream, AugmentationOptions options, int height, int width, int size)
    {
        WholeImageDraw draw = new(Crop(stream, options.Scale, height, width))
        {
            Mirror = options.FlipLr > 0 && stream.NextDouble() < options.FlipLr,
            UpsideDown = options.FlipUd > 0 && stream.NextDouble() < options.FlipUd,
        };
        draw = options.AutoAugment switch
        {
            AutoAugmentKind.RandAugment => draw with { Operations = RandAugment(stream, size) },
            AutoAugmentKind.AutoAugment => draw with { Operations = AutoAugment(stream, size) },
            AutoAugmentKind.AugMix => draw with { Mix = AugMix(stream, size) },
            _ => draw with { Jitter = Jitter(stream, options) },
        };
        return options.Erasing > 0 && stream.NextDouble() < options.Erasing ? draw with { Erase = Erasure(stream, size) } : draw;
    }

    private static ImageArea Crop(RandomStream stream, double scale, int height, int width)
    {
        if (scale <= 0) return Whole(height, width);
        double area = (double)height * width;
        for (int i = 0; i < Tries; i++)
        {
            double wanted = area * stream.Uniform(1 - scale, 1), ratio = Ratio(stream, NarrowestCrop, WidestCrop);
            int w = (int)Math.Round(Math.Sqrt(wanted * ratio)), h = (int)Math.Round(Math.Sqrt(wanted / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) return new(stream.Next(height - h + 1), stream.Next(width - w + 1), h, w);
        }
        return Whole(height, width);
    }

    /// <summary>The largest crop in the middle whose sides are not too different.</summary>
    private static ImageArea Whole(int height, int width)
    {
        double ratio = width / (double)height;
        int h = ratio < NarrowestCrop ? Math.Max(1, (int)Math.Round(width / NarrowestCrop)) : height;
        int w = ratio > WidestCrop ? Math.Max(1, (int)Math.Round(height * WidestCrop)) : width;
        return new((height - h) / 2, (width - w) / 2, h, w);
    }

    private static double Ratio(RandomStream stream, double low, double high) => Math.Exp(stream.Uniform(Math.Log(low), Math.Log(high)));

    private static OperationDraw[] RandAugment(RandomStream stream, int size)
    {
        IReadOnlyList<OperationRange> table = OperationTable.RandAugment(size, size);
        return [.. Enumerable.Range(0, RandOperations).Select(_ => Signed(stream, table[stream.Next(table.Count)], RandLevel))];
    }

    private static OperationDraw[] AutoAugment(RandomStream stream, int size)
    {
        IReadOnlyList<OperationRange> table = OperationTable.AutoAugment(size, size);
        (AutoAugmentPolicy.Part first, AutoAugmentPolicy.Part second) = AutoAugmentPolicy.Pairs[stream.Next(AutoAugmentPolicy.Pairs.Count)];
        return [.. Chosen(first), .. Chosen(second)];

        IEnumerable<OperationDraw> Chosen(AutoAugmentPolicy.Part part) => stream.NextDouble() <= part.Probability
            ? [Signed(stream, table.First(range => range.Operation == part.Operation), part.Level)]
            : [];
    }

    private static MixDraw AugMix(RandomStream stream, int size)
    {
        IReadOnlyList<OperationRange> table = OperationTable.AugMix(size, size);
        double[] own = Dirichlet(stream, 2), weights = Dirichlet(stream, MixWidth);
        List<(float, IReadOnlyList<OperationDraw>)> chains = [];
        foreach (double weight in weights)
        {
            int depth = 1 + stream.Next(MixDepth);
            OperationDraw[] operations =
                [.. Enumerable.Range(0, depth).Select(_ => Signed(stream, table[stream.Next(table.Count)], stream.Next(MixSeverity)))];
            chains.Add(((float)(weight * own[1]), operations));
        }
        return new((float)own[0], chains);
    }

    private static OperationDraw Signed(RandomStream stream, OperationRange range, int level)
    {
        float magnitude = range.At(level);
        return new(range.Operation, range.Signed && stream.Next(2) == 1 ? -magnitude : magnitude);
    }

    /// <summary>Numbers that sum up to 1, every such set being equally likely.</summary>
    private static double[] Dirichlet(RandomStream stream, int count)
    {
        double[] parts = [.. Enumerable.Range(0, count).Select(_ => -Math.Log(1 - stream.NextDouble()))];
        double sum = parts.Sum();
        return sum > 0 ? [.. parts.Select(part => part / sum)] : [.. parts.Select(_ => 1.0 / count)];
    }

    private static JitterDraw? Jitter(RandomStream stream, AugmentationOptions options)
    {
        if (options is { HsvH: 0, HsvS: 0, HsvV: 0 }) return null;
        int[] order = stream.Permutation(4);
        double Around(double range) => stream.Uniform(Math.Max(0, 1 - range), 1 + range);
        (JitterStep Step, bool Used, double Factor)[] steps =
        [
            (JitterStep.Brightness, options.HsvV > 0, Around(options.HsvV)),
            (JitterStep.Contrast, options.HsvV > 0, Around(options.HsvV)),
            (JitterStep.Saturation, options.HsvS > 0, Around(options.HsvS)),
            (JitterStep.Hue, options.HsvH > 0, stream.Uniform(-Math.Min(options.HsvH, 0.5), Math.Min(options.HsvH, 0.5))),
        ];
        return new([.. order.Select(i => steps[i]).Where(step => step.Used).Select(step => (step.Step, step.Factor))]);
    }

    private static ImageArea? Erasure(RandomStream stream, int size)
    {
        double area = (double)size * size;
        for (int i = 0; i < Tries; i++)
        {
            double wanted = area * stream.Uniform(SmallestErasure, LargestErasure), ratio = Ratio(stream, NarrowestErasure, WidestErasure);
            int h = (int)Math.Round(Math.Sqrt(wanted * ratio)), w = (int)Math.Round(Math.Sqrt(wanted / ratio));
            if (h > 0 && w > 0 && h < size && w < size) return new(stream.Next(size - h + 1), stream.Next(size - w + 1), h, w);
        }
        return null;
    }
}
