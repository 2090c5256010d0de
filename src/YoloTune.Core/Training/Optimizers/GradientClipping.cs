using TorchSharp;
using YoloTune.Kernels;

namespace YoloTune.Training.Optimizers;

/// <summary>Limits the length of the gradient of all parameters together.</summary>
internal static class GradientClipping
{
    private const double Tiny = 1e-6;

    /// <summary>
    /// Scales all gradients so that their common norm is at most <paramref name="maximum"/>. Nothing is read back from the device. On a
    /// graphics card the gradients are parts of one tensor afterwards.
    /// </summary>
    /// <param name="groups">The parameters; those without gradient are passed over.</param>
    /// <param name="maximum">The largest norm.</param>
    /// <param name="lossScale">What the loss was multiplied by before the backward pass; gradients are divided by it on the way.</param>
    /// <returns>The norm before clipping, unscaled: a scalar tensor. It is not finite when any gradient is not.</returns>
    public static torch.Tensor Clip(IEnumerable<ParameterGroup> groups, double maximum, double lossScale = 1) =>
        Clip(groups, maximum, lossScale, joins: false);

    /// <inheritdoc cref="Clip(IEnumerable{ParameterGroup}, double, double)"/>
    /// <param name="groups">The parameters.</param>
    /// <param name="maximum">The largest norm.</param>
    /// <param name="lossScale">What the loss was multiplied by.</param>
    /// <param name="joins">Whether gradients are joined on a processor too; to compare only.</param>
    internal static torch.Tensor Clip(IEnumerable<ParameterGroup> groups, double maximum, double lossScale, bool joins)
    {
        using var noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        List<torch.Tensor> gradients = [], values = [];
        foreach (TrainableParameter parameter in groups.SelectMany(group => group.Parameters))
        {
            if (!parameter.Value.requires_grad || parameter.Value.grad is not torch.Tensor gradient) continue;
            gradients.Add(gradient);
            values.Add(parameter.Value);
        }
        if (gradients.Count == 0) return torch.zeros([]).MoveToOuterDisposeScope();
        if (joins || FlatTensors.Pays(gradients[0])) return ClipJoined(values, gradients, maximum, lossScale).MoveToOuterDisposeScope();
        if (GradientNorm.Of(gradients) is { } kernel)
            return torch.tensor((float)kernel.Clip(maximum, lossScale, Tiny)).MoveToOuterDisposeScope();
        torch.Tensor norm = torch.stack([.. gradients.Select(gradient => gradient.norm())]).norm() / lossScale;
        torch.Tensor factor = (maximum / (norm + Tiny)).clamp_max_(1) / lossScale;
        foreach (torch.Tensor gradient in gradients) gradient.mul_(factor);
        return norm.MoveToOuterDisposeScope();
    }

    private static torch.Tensor ClipJoined(List<torch.Tensor> values, List<torch.Tensor> gradients, double maximum, double lossScale)
    {
        torch.Tensor all = FlatTensors.Join(gradients, values);
        torch.Tensor norm = all.norm() / lossScale;
        all.mul_((maximum / (norm + Tiny)).clamp_max_(1) / lossScale);
        long offset = 0;
        foreach (torch.Tensor value in values)
        {
            value.grad = FlatTensors.Part(all, offset, value);
            offset += value.numel();
        }
        return norm;
    }
}
