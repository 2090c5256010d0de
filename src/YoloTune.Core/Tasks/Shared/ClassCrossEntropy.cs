using TorchSharp;
using static TorchSharp.torch.autograd;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The sum of binary cross-entropies with logits x against labels t that are 0 except for a few entries: sum softplus(x) - sum x * t.
/// Written with its own gradient, sigmoid(x) - t, so that neither the softplus nor a dense t nor the sum of two dense gradients is ever
/// in memory; with 80 classes that is half of the whole loss's time.
/// </summary>
/// <remarks>Arguments: logits [N, C, A]; the same memory flat; positions of the labels in it [K], each once; the labels [K].</remarks>
internal sealed class ClassCrossEntropy : SingleTensorFunction<ClassCrossEntropy>
{
    /// <inheritdoc/>
    public override string Name => nameof(ClassCrossEntropy);

    /// <summary>The sum over a branch's scores [N, C, A], whose labels are the soft labels of the foreground.</summary>
    /// <param name="scores">Class logits [N, C, A].</param>
    /// <param name="classes">The class of each labelled object [G].</param>
    /// <param name="found">The foreground.</param>
    internal static torch.Tensor Of(torch.Tensor scores, torch.Tensor classes, in Assignment found)
    {
        torch.Tensor dense = FlatView.AnchorsFirst(scores) ? scores : scores.contiguous();
        torch.Tensor labels = new FlatView(dense).Position(found.Image, classes.index_select(0, found.Truth), found.Anchor);
        return apply(dense, labels, found.Score);
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(AutogradContext ctx, params object[] vars)
    {
        torch.Tensor logits = (torch.Tensor)vars[0], position = (torch.Tensor)vars[1], label = (torch.Tensor)vars[2];
        ctx.save_for_backward([logits, position, label]);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor background = torch.zeros([], dtype: torch.float32, device: logits.device);
        foreach ((long start, long length) in ImageChunks.Of(logits))
        {
            using DisposeScope chunk = torch.NewDisposeScope();
            background.add_(logits.narrow(0, start, length).softplus(1, 20).sum());
        }
        torch.Tensor foreground = FlatView.Flatten(logits).index_select(0, position) * label;
        return (background - foreground.sum()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(AutogradContext ctx, torch.Tensor grad_output)
    {
        List<torch.Tensor> saved = ctx.get_saved_variables();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor gradient = saved[0].sigmoid();
        FlatView.Flatten(gradient).index_add_(0, saved[1], saved[2], -1);
        return [gradient.mul_(grad_output).MoveToOuterDisposeScope(), null!, null!];
    }
}
