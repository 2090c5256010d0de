using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Segmentation;

/// <summary>
/// The segmentation loss of one head branch: that of the boxes, the cross-entropy of every foreground anchor's mask inside its box
/// (Bolya et al., YOLACT, 2019) and, where the head predicts one, of a semantic map.
/// </summary>
internal sealed class SegmentationLoss : IBranchLoss
{
    /// <summary>The names of the parts: boxes, masks, classes, distribution (or distances), semantic map.</summary>
    internal static readonly IReadOnlyList<string> PartNames = (string[])["box", "seg", "cls", "dfl", "sem"];

    private const float SmallestArea = 1e-9f;

    private readonly BoxLoss boxes;
    private readonly LossGains gains;
    private readonly MaskOptions masks;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; that of the boxes is also that of masks and semantic map. Null takes the
    /// defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    /// <param name="masks">How masks are made; null takes the defaults.</param>
    public SegmentationLoss(
        int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null,
        MaskOptions? masks = null)
    {
        this.gains = gains ?? new();
        this.masks = masks ?? new();
        boxes = new(distributionBins, strides, this.gains, options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => PartNames;

    /// <inheritdoc/>
    public LossValues Compute(HeadOutput output, Targets targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BoxLossParts parts = boxes.Compute(output, targets.ImageIndex, targets.Classes, targets.Boxes);
        torch.Tensor mask = parts.Zero, semantic = parts.Zero;
        if (parts.Found.Count > 0)
        {
            mask = Masks(output, parts, targets.Part(MaskLabels.Masks)) * gains.Box;
            if (output.SemanticMap is { } map) semantic = SemanticMap(map, targets.Part(MaskLabels.Semantic)) * gains.Box;
        }
        return BoxLossParts.Sum([parts.Box, mask, parts.Class, parts.Distribution, semantic], output.Scores.size(0));
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose() => boxes.Dispose();

    // Image by image, for each has its own prototypes: the sum of the pixels' cross-entropy in the box, divided by the box's area.
    private torch.Tensor Masks(HeadOutput output, in BoxLossParts parts, torch.Tensor truth)
    {
        int height = (int)truth.size(1), width = (int)truth.size(2), images = (int)output.Scores.size(0);
        torch.Tensor prototypes = output.Prototypes ?? throw new ArgumentException("The output has no prototypes.", nameof(output));
        if (prototypes.size(2) != height || prototypes.size(3) != width)
        {
            prototypes = functional.interpolate(
                prototypes, size: [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false);
        }
        torch.Tensor order = parts.Found.Image.argsort();
        torch.Tensor image = parts.Found.Image.index_select(0, order), owner = parts.Found.Truth.index_select(0, order);
        torch.Tensor coefficients = new FlatView(output.MaskCoefficients!).PickAll(image, parts.Found.Anchor.index_select(0, order));
        torch.Tensor size =
            torch.tensor([parts.Points.ImageWidth, (float)parts.Points.ImageHeight], device: truth.device).repeat(2).view(4, 1);
        torch.Tensor box = parts.Truth.Corners.index_select(1, owner) / size;
        torch.Tensor area = ((box[2] - box[0]) * (box[3] - box[1])).clamp_min(SmallestArea);
        torch.Tensor inMask = box * torch.tensor([width, (float)height], device: truth.device).repeat(2).view(4, 1);
        long[] counts = Counts(image, images), labels = Counts(parts.Truth.Image, images);
        torch.Tensor sum = parts.Zero;
        long first = 0, label = 0;
        for (int i = 0; i < images; i++)
        {
            if (counts[i] > 0)
            {
                torch.Tensor logits =
                    torch.matmul(coefficients.narrow(1, first, counts[i]).t(), prototypes[i].view(prototypes.size(1), -1));
                torch.Tensor own = owner.narrow(0, first, counts[i]);
                using torch.Tensor target = masks.Overlap
                    ? (truth[i].unsqueeze(0) == (own - label + 1).view(-1, 1, 1)).to(torch.float32)
                    : truth.index_select(0, own).to(torch.float32);
                torch.Tensor weight = MaskCrop.Weights(inMask.narrow(1, first, counts[i]), height, width)
                    / (area.narrow(0, first, counts[i]) * (height * width)).view(-1, 1, 1);
                sum = sum + functional.binary_cross_entropy_with_logits(
                    logits, target.view(counts[i], -1), weight.view(counts[i], -1), reduction: Reduction.Sum);
            }
            first += counts[i];
            label += labels[i];
        }
        return sum / parts.Found.Count;
    }

    private static long[] Counts(torch.Tensor image, int images)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. torch.bincount(image, minlength: images).cpu().data<long>()];
    }

    // Cross-entropy and Dice loss of the classes on top, half and half.
    private static torch.Tensor SemanticMap(torch.Tensor logits, torch.Tensor truth)
    {
        long classes = logits.size(1), rows = logits.size(2), columns = logits.size(3);
        torch.Tensor row = Nearest(rows, truth.size(1), logits.device), column = Nearest(columns, truth.size(2), logits.device);
        torch.Tensor seen = truth.index_select(1, row).index_select(2, column).to(torch.int64);
        torch.Tensor one = (seen.unsqueeze(1) == torch.arange(classes, device: logits.device).view(1, -1, 1, 1)).to(torch.float32);
        torch.Tensor cross = functional.binary_cross_entropy_with_logits(logits, one);
        torch.Tensor probability = logits.sigmoid();
        long[] pixels = [2, 3];
        torch.Tensor dice = (1 - ((probability * one).sum(pixels) * 2 + 1) / (probability.sum(pixels) + one.sum(pixels) + 1)).mean();
        return cross * 0.5 + dice * 0.5;
    }

    private static torch.Tensor Nearest(long target, long source, torch.Device device)
    {
        using torch.Tensor index = torch.arange(target, dtype: torch.int64, device: device) * source;
        return index.div(target, torch.RoundingMode.floor);
    }
}
