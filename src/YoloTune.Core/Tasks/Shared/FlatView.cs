using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Picks single entries of a head's output [N, C, A], whichever of channels and anchors lies contiguous in memory, without copying it.
/// </summary>
internal readonly struct FlatView
{
    private readonly torch.Tensor flat;
    private readonly long channels, perImage, perChannel, perAnchor;

    internal FlatView(torch.Tensor output)
    {
        channels = output.size(1);
        long anchors = output.size(2);
        perImage = channels * anchors;
        flat = Flatten(output);
        (perChannel, perAnchor) = AnchorsFirst(output) ? (1L, channels) : (anchors, 1L);
    }

    /// <summary>All entries in the order they have in memory: a view where the output is dense.</summary>
    internal static torch.Tensor Flatten(torch.Tensor output) =>
        AnchorsFirst(output) ? output.transpose(1, 2).view(-1) : output.reshape(-1);

    /// <summary>True where the channels of an anchor lie side by side, as channels-last convolutions leave them.</summary>
    internal static bool AnchorsFirst(torch.Tensor output)
    {
        if (output.is_contiguous()) return false;
        using torch.Tensor transposed = output.transpose(1, 2);
        return transposed.is_contiguous();
    }

    /// <summary>The position in <see cref="Flatten"/> of one entry for each image, channel and anchor, all [K]: [K].</summary>
    internal torch.Tensor Position(torch.Tensor image, torch.Tensor channel, torch.Tensor anchor) =>
        (image * perImage) + (channel * perChannel) + (anchor * perAnchor);

    /// <summary>One entry for each image, channel and anchor, all [K]: [K].</summary>
    internal torch.Tensor Pick(torch.Tensor image, torch.Tensor channel, torch.Tensor anchor) =>
        flat.index_select(0, Position(image, channel, anchor));

    /// <summary>All channels of each image and anchor [K]: [C, K].</summary>
    internal torch.Tensor PickAll(torch.Tensor image, torch.Tensor anchor)
    {
        torch.Tensor channel = torch.arange(channels, dtype: torch.int64, device: flat.device) * perChannel;
        torch.Tensor index = channel.unsqueeze(1) + (image * perImage + anchor * perAnchor).unsqueeze(0);
        return flat.index_select(0, index.view(-1)).view(channels, -1);
    }
}
