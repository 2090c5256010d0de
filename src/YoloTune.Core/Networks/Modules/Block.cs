using TorchSharp;

namespace YoloTune.Networks.Modules;

/// <summary>A module from one feature map to one feature map.</summary>
internal abstract class Block : Component<torch.Tensor, torch.Tensor>
{
    /// <summary>Creates a block without children.</summary>
    /// <param name="classPath">The dotted path of its Python counterpart.</param>
    protected Block(string classPath) : base(classPath)
    {
    }
}
