using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>Limits the length of the gradient of all parameters together.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients so that their common norm is at most <paramref name="maximum"/>. Nothing is read back from the device.
    /// </summary>
    /// <param name="groups">The parameters; those without gradient are passed over.</param>
    /// <param name="maximum">The largest norm.</param>
    /// <param name="lossScale">What the loss was multiplied by before the backward pass; gradients are divided by it on the way.</param>
    /// <returns>The norm before clipping, unscaled: a scalar tensor. It is not finite when any gradient is not.</returns>
    public static torch.Tensor Clip(IEnumerable<ParameterGroup> groups, double maximum, double lossScale = 1)
    {
        using var noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        List<torch.Tensor> gradients = [];
        foreach (TrainableParameter parameter in groups.SelectMany(group => group.Parameters))
        {
            if (parameter.Value.requires_grad && parameter.Value.grad is torch.Tensor gradient) gradients.Add(gradient);
        }
        if (gradients.Count == 0) return torch.zeros([]).MoveToOuterDisposeScope();
        torch.Tensor norm = torch.stack([.. gradients.Select(gradient => gradient.norm())]).norm() / lossScale;
        torch.Tensor factor = (maximum / (norm + 1e-6)).clamp_max_(1) / lossScale;
        foreach (torch.Tensor gradient in gradients) gradient.mul_(factor);
        return norm.MoveToOuterDisposeScope();
    }
}
