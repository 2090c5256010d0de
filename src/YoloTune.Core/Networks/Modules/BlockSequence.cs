using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Blocks one after the other, named 0, 1, 2 ...; PyTorch's Sequential.</summary>
internal sealed class BlockSequence : Block
{
    /// <summary>Chains at least one block.</summary>
    public BlockSequence(params IEnumerable<Block> blocks) : base(ReferencePath.Torch + "container.Sequential")
    {
        Items = [.. blocks];
        for (int i = 0; i < Items.Count; i++) register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), Items[i]);
    }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<Block> Items { get; }

    /// <summary>The last block.</summary>
    public Block Last => Items[^1];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        Tensor y = Items[0].call(x);
        for (int i = 1; i < Items.Count; i++)
        {
            using Tensor previous = y;
            y = Items[i].call(previous);
        }
        return y;
    }
}
