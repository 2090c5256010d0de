using TorchSharp;

namespace YoloTune.Networks.Heads;

/// <summary>Moves the tensors of a raw output between dispose scopes.</summary>
internal static class HeadOutputScopes
{
    /// <summary>Moves every tensor of a head's output to the outer scope and returns the output.</summary>
    public static HeadOutput MoveToOuterDisposeScope(this HeadOutput output)
    {
        foreach (torch.Tensor tensor in output.Tensors()) tensor.MoveToOuterDisposeScope();
        return output;
    }

    /// <summary>Moves every tensor of a network's output to the outer scope and returns the output.</summary>
    public static NetworkOutput MoveToOuterDisposeScope(this NetworkOutput output)
    {
        output.OneToMany?.MoveToOuterDisposeScope();
        output.OneToOne?.MoveToOuterDisposeScope();
        output.Logits?.MoveToOuterDisposeScope();
        return output;
    }

    private static IEnumerable<torch.Tensor> Tensors(this HeadOutput output)
    {
        torch.Tensor?[] own =
        [
            output.Boxes, output.Scores, output.MaskCoefficients, output.Prototypes, output.SemanticMap, output.Keypoints,
            output.KeypointSigmas, output.Angles,
        ];
        return own.OfType<torch.Tensor>().Concat(output.Features);
    }
}
