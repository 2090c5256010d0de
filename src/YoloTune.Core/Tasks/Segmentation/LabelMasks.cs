using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Data;
using YoloTune.Images;

namespace YoloTune.Tasks.Segmentation;

/// <summary>The masks of a batch's labels at the size of the prototypes, to be compared with predicted ones.</summary>
internal sealed class LabelMasks
{
    private readonly short[]? index;
    private readonly byte[]? whole;
    private readonly int pixels, width;

    /// <summary>Reads the masks of a batch.</summary>
    /// <param name="targets">The labels.</param>
    /// <param name="height">Rows of the prototypes.</param>
    /// <param name="width">Columns of the prototypes.</param>
    public LabelMasks(Targets targets, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (pixels, this.width) = (height * width, width);
        torch.Tensor masks = targets.Part(MaskLabels.Masks).cpu();
        bool fits = masks.shape[1] == height && masks.shape[2] == width;
        if (masks.dtype == torch.int16 && fits)
        {
            index = MemoryMarshal.Cast<byte, short>(masks.contiguous().bytes).ToArray();
            return;
        }
        if (masks.dtype == torch.int16) masks = Separate(masks, targets.ImageIndex.cpu());
        if (masks.shape[0] > 0 && !fits)
        {
            masks = torch.nn.functional.interpolate(
                masks.to(torch.float32).unsqueeze(1), size: [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false)
                .squeeze(1) > 0.5f;
        }
        whole = masks.to(torch.uint8).contiguous().bytes.ToArray();
    }

    /// <summary>The overlap of every label of an image with every predicted mask: [labels * predictions].</summary>
    /// <param name="image">The number of the image.</param>
    /// <param name="first">The number of its first label in the batch.</param>
    /// <param name="labels">How many labels it has.</param>
    /// <param name="predicted">The predicted masks.</param>
    public float[] Overlaps(int image, int first, int labels, IReadOnlyList<MaskPatch> predicted)
    {
        int[] areas = new int[labels];
        if (index is not null) Count(index.AsSpan(image * pixels, pixels), areas);
        else for (int l = 0; l < labels; l++) areas[l] = whole!.AsSpan((first + l) * pixels, pixels).Count((byte)1);
        float[] overlaps = new float[labels * predicted.Count];
        int[] common = new int[labels];
        for (int p = 0; p < predicted.Count; p++)
        {
            Array.Clear(common);
            Intersect(image, first, predicted[p], common);
            for (int l = 0; l < labels; l++)
                overlaps[l * predicted.Count + p] = common[l] / ((float)areas[l] + predicted[p].Area - common[l] + 1e-7f);
        }
        return overlaps;
    }

    private static void Count(ReadOnlySpan<short> picture, int[] areas)
    {
        foreach (short value in picture)
        {
            if (value > 0 && value <= areas.Length) areas[value - 1]++;
        }
    }

    private void Intersect(int image, int first, MaskPatch patch, int[] common)
    {
        for (int y = 0; y < patch.Height; y++)
        {
            int place = (patch.Top + y) * width + patch.Left;
            ReadOnlySpan<byte> row = patch.Pixels.AsSpan(y * patch.Width, patch.Width);
            if (index is not null)
            {
                ReadOnlySpan<short> owners = index.AsSpan(image * pixels + place, patch.Width);
                for (int x = 0; x < row.Length; x++)
                {
                    if (row[x] != 0 && owners[x] > 0 && owners[x] <= common.Length) common[owners[x] - 1]++;
                }
                continue;
            }
            for (int l = 0; l < common.Length; l++)
            {
                ReadOnlySpan<byte> label = whole.AsSpan((first + l) * pixels + place, patch.Width);
                for (int x = 0; x < row.Length; x++) common[l] += row[x] & label[x];
            }
        }
    }

    // One mask for each label of a picture that has their numbers.
    private static torch.Tensor Separate(torch.Tensor index, torch.Tensor image)
    {
        float[] images = MemoryMarshal.Cast<byte, float>(image.contiguous().bytes).ToArray();
        torch.Tensor[] masks = new torch.Tensor[images.Length];
        for (int i = 0, number = 0; i < images.Length; i++)
        {
            number = i > 0 && images[i] == images[i - 1] ? number + 1 : 1;
            masks[i] = index[(long)images[i]] == number;
        }
        return masks.Length == 0 ? torch.zeros([0, index.shape[1], index.shape[2]], torch.uint8) : torch.stack(masks);
    }
}
