using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>Everything random about one training item. Drawing and applying are apart, so that a test can apply chosen draws.</summary>
internal sealed record ItemDraw
{
    /// <summary>The item's own image.</summary>
    public required FrameDraw First { get; init; }

    /// <summary>The image blended in, or null.</summary>
    public FrameDraw? MixUp { get; init; }

    /// <summary>The fraction of the first image when one is blended in.</summary>
    public double MixUpShare { get; init; }

    /// <summary>The image a rectangle is taken from, or null.</summary>
    public FrameDraw? CutMix { get; init; }

    /// <summary>The rectangles to choose from.</summary>
    public CutMixDraw? CutMixRectangles { get; init; }

    /// <summary>The image objects are taken from (copy-paste in mode mixup), or null.</summary>
    public FrameDraw? CopyPaste { get; init; }

    /// <summary>The colour jitter.</summary>
    public required HsvDraw Hsv { get; init; }

    /// <summary>Upside down.</summary>
    public bool FlipVertically { get; init; }

    /// <summary>Mirrored.</summary>
    public bool FlipHorizontally { get; init; }

    /// <summary>Channels in the order B, G, R.</summary>
    public bool KeepBgr { get; init; }

    /// <summary>Draws everything for an item.</summary>
    /// <param name="stream">The item's own stream.</param>
    /// <param name="options">Probabilities and limits.</param>
    /// <param name="image">The item's image.</param>
    /// <param name="height">Rows of the item.</param>
    /// <param name="width">Columns of the item; a mosaic is made of square items only.</param>
    /// <param name="partner">Draws a mosaic partner.</param>
    /// <param name="imageCount">Images in the dataset, for the second images.</param>
    internal static ItemDraw Draw(
        RandomStream stream, AugmentationOptions options, int image, int height, int width, Func<RandomStream, int> partner, int imageCount)
    {
        FrameDraw Frame(int index)
        {
            MosaicDraw? mosaic = null;
            if (stream.NextDouble() < options.Mosaic)
            {
                int[] partners = new int[options.MosaicTiles - 1];
                for (int i = 0; i < partners.Length; i++) partners[i] = partner(stream);
                int centreY = (int)stream.Uniform(height / 2.0, 2 * height - height / 2.0);
                mosaic = new MosaicDraw(partners, (int)stream.Uniform(width / 2.0, 2 * width - width / 2.0), centreY);
            }
            return new FrameDraw(index, mosaic, PerspectiveDraw.Draw(stream, options));
        }

        FrameDraw first = Frame(image);
        bool pastes = options is { CopyPaste: > 0, CopyPasteMode: CopyPasteMode.MixUp };
        FrameDraw? pasted = pastes ? Frame(stream.Next(imageCount)) : null;
        FrameDraw? mixed = stream.NextDouble() < options.MixUp ? Frame(stream.Next(imageCount)) : null;
        double share = mixed is null ? 1 : stream.Beta(Augmentation.MixUp.Beta, Augmentation.MixUp.Beta);
        FrameDraw? cut = stream.NextDouble() < options.CutMix ? Frame(stream.Next(imageCount)) : null;
        return new ItemDraw
        {
            First = first,
            CopyPaste = pasted,
            MixUp = mixed,
            MixUpShare = share,
            CutMix = cut,
            CutMixRectangles = cut is null ? null : CutMixDraw.Draw(stream, height, width),
            Hsv = HsvDraw.Draw(stream),
            FlipVertically = stream.NextDouble() < options.FlipUd,
            FlipHorizontally = stream.NextDouble() < options.FlipLr,
            KeepBgr = stream.NextDouble() < options.Bgr,
        };
    }
}
