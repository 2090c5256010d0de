using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Kernels;

/// <summary>
/// The memory layout [N, H, W, C] of a tensor whose shape is [N, C, H, W]. Convolutions are fastest in it, and one block that leaves it
/// takes every later block along: a join of a map in each layout comes out in the slow one.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>Whether a map's channels lie side by side.</summary>
    public static bool Is(Tensor map) => map.dim() == 4 && map.size(1) > 1 && map.stride(1) == 1;

    /// <summary>A map laid out this way: a view where it is already, else a copy.</summary>
    public static Tensor Lay(Tensor map)
    {
        using DisposeScope scope = NewDisposeScope();
        return map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
