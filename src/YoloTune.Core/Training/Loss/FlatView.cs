using TorchSharp;

namespace YoloTune.Training.Loss;

/// <summary>
/// Picks single entries of a head's output [N, C, A], whichever of channels and anchors lies contiguous in memory, without copying it.
/// </summary>
internal readonly struct FlatView
{
    private readonly torch.Tensor flat;
    private readonly long channels, perImage, perChannel, perAnchor;

    internal FlatView(torch.Tensor output)
    {
        channels = output.shape[1];
        long anchors = output.shape[2];
        perImage = channels * anchors;
        torch.Tensor channelsLast = output.transpose(1, 2);
        if (!output.is_contiguous() && channelsLast.is_contiguous())
        {
            flat = channelsLast.view(-1);
            (perChannel, perAnchor) = (1, channels);
        }
        else
        {
            flat = output.reshape(-1);
            (perChannel, perAnchor) = (anchors, 1);
        }
    }

    /// <summary>One entry for each image, channel and anchor, all [K]: [K].</summary>
    internal torch.Tensor Pick(torch.Tensor image, torch.Tensor channel, torch.Tensor anchor) =>
        flat.index_select(0, image * perImage + channel * perChannel + anchor * perAnchor);

    /// <summary>All channels of each image and anchor [K]: [C, K].</summary>
    internal torch.Tensor PickAll(torch.Tensor image, torch.Tensor anchor)
    {
        torch.Tensor channel = torch.arange(channels, dtype: torch.int64, device: flat.device) * perChannel;
        torch.Tensor index = channel.unsqueeze(1) + (image * perImage + anchor * perAnchor).unsqueeze(0);
        return flat.index_select(0, index.view(-1)).view(channels, -1);
    }
}
