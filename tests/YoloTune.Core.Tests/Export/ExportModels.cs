using TorchSharp;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Tests.Export;

/// <summary>Models for export tests: small scales with values that make every branch count.</summary>
internal static class ExportModels
{
    private static readonly string[] Names = ["one", "two's", "three", "four \"4\"", "five"];

    /// <summary>
    /// A model of 5 classes whose normalisations are not the identity and were fitted to images, so that the signal neither dies out nor
    /// grows on its way: an error in an early layer would be visible in the outputs. The gains are small because a random network with
    /// large ones is chaotic: it would show the rounding of float32 as a difference.
    /// </summary>
    public static YoloModel Lively(string architecture, long seed = 1)
    {
        YoloModel model = YoloModel.Create(ModelDefinition.Load(architecture), Names, seed: seed);
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        BatchNorm2d[] norms = [.. model.Network.modules().OfType<BatchNorm2d>()];
        torch.random.manual_seed(seed);
        double momentum = norms[0].Momentum;
        foreach (BatchNorm2d norm in norms)
        {
            norm.Momentum = 1;
            norm.Gain.copy_((torch.rand_like(norm.Gain) * 0.4) + 0.3);
            norm.Bias.copy_(torch.randn_like(norm.Bias) * 0.3);
        }
        model.Network.train();
        model.Network.call(Images(4, 128, 128));
        foreach (BatchNorm2d norm in norms) norm.Momentum = momentum;
        model.Network.eval();
        if (model.Network.Head is { } head) SpreadScores(model.Network, head);
        return model;
    }

    /// <summary>Gives every class logits around -1 that differ from anchor to anchor, so that the order of the scores is clear.</summary>
    private static void SpreadScores(YoloNetwork network, Detect head)
    {
        NetworkOutput output = network.call(Images(4, 128, 128));
        HeadOutput[] branches = [.. new[] { output.OneToMany, output.OneToOne }.OfType<HeadOutput>()];
        for (int i = 0; i < head.ClassOutputs.Count; i++)
        {
            (HeadOutput branch, int level) = (branches[i / head.Strides.Count], i % head.Strides.Count);
            int[] cells = [.. branch.Grids.Select(grid => grid.Rows * grid.Columns)];
            torch.Tensor logits = branch.Scores.narrow(2, cells[..level].Sum(), cells[level]);
            torch.Tensor factor = (1.5 / logits.std([0, 2], true, false).flatten()).clamp_max(5);
            head.ClassOutputs[i].Kernels.mul_(factor.view(-1, 1, 1, 1));
            head.ClassOutputs[i].Bias!.copy_(((head.ClassOutputs[i].Bias! - logits.mean([0, 2])) * factor) - 1);
        }
    }

    /// <summary>Images [n, 3, rows, columns], 0-1, always the same: coloured squares and noise, so that places far apart differ.</summary>
    public static torch.Tensor Images(int n, int rows, int columns)
    {
        torch.random.manual_seed(7);
        torch.Tensor squares = torch.rand([n, 3, rows / 16, columns / 16]).repeat_interleave(16, 2).repeat_interleave(16, 3);
        return (squares * 0.8) + (torch.rand([n, 3, rows, columns]) * 0.2);
    }
}
