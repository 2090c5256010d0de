using TorchSharp;
using YoloTune.Kernels;

namespace YoloTune.Training.Optimizers;

/// <summary>
/// Tensors laid one behind the other, so that an operation over all of them is started once. A graphics card needs longer to start an
/// operation than to do it for one parameter of some thousand values, and a model has hundreds of those.
/// </summary>
internal static class FlatTensors
{
    /// <summary>Whether a tensor lies on a device where that pays. On a processor updates in place are faster.</summary>
    public static bool Pays(torch.Tensor tensor) => tensor.device_type == DeviceType.CUDA;

    /// <summary>Whether the values of a float32 tensor fill their memory, in whatever order.</summary>
    public static bool IsDense(torch.Tensor tensor)
    {
        long extent = 1, count = tensor.numel();
        for (int i = 0; i < tensor.dim(); i++) extent += (tensor.size(i) - 1) * tensor.stride(i);
        return tensor.dtype == torch.float32 && count > 0 && extent == count;
    }

    /// <summary>All values, each tensor's in the memory order of its model: [values]. In the caller's dispose scope.</summary>
    /// <param name="tensors">The tensors, dense and of one device.</param>
    /// <param name="likes">What gives the order of each.</param>
    public static torch.Tensor Join(IReadOnlyList<torch.Tensor> tensors, IReadOnlyList<torch.Tensor> likes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor[] rows = new torch.Tensor[tensors.Count];
        for (int i = 0; i < rows.Length; i++) rows[i] = Row(InOrder(tensors[i], likes[i]));
        return torch.cat(rows, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The part of joined values that belongs to a tensor, in its shape and order: a view.</summary>
    public static torch.Tensor Part(torch.Tensor joined, long offset, torch.Tensor like) =>
        joined.as_strided(like.shape, like.stride(), joined.storage_offset() + offset);

    /// <summary>Writes joined values back into the tensors they came from.</summary>
    public static void Split(torch.Tensor joined, IReadOnlyList<torch.Tensor> targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long offset = 0;
        foreach (torch.Tensor target in targets)
        {
            long count = target.numel();
            Row(target).copy_(joined.narrow(0, offset, count));
            offset += count;
        }
    }

    private static torch.Tensor Row(torch.Tensor tensor) => tensor.detach().as_strided([tensor.numel()], [1], tensor.storage_offset());

    private static torch.Tensor InOrder(torch.Tensor tensor, torch.Tensor like)
    {
        if (IsDense(tensor) && DenseMemory.SameOrder(tensor, like)) return tensor;
        return torch.empty_like(like.detach()).copy_(tensor);
    }
}
