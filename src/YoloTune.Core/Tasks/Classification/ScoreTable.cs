using TorchSharp;

namespace YoloTune.Tasks.Classification;

/// <summary>Reads the probabilities that a network gives for a batch.</summary>
internal static class ScoreTable
{
    /// <summary>The probabilities of each image.</summary>
    /// <param name="predictions">[N, classes].</param>
    public static ClassScores[] Read(torch.Tensor predictions)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor host = predictions.detach().to(torch.float32).cpu().contiguous();
        int classes = (int)host.shape[1];
        return [.. host.data<float>().ToArray().Chunk(classes).Select(row => new ClassScores(row))];
    }
}
