using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Modules;

namespace YoloTune.Evaluation;

/// <summary>
/// Estimates the running statistics of BatchNorm layers from images: the weighted mean over batches. Averaged weights need
/// it, for their activations are not the average of the models' activations (Izmailov et al. 2018, section 3.2).
/// </summary>
internal sealed class NormStatistics
{
    private const int BatchSize = 16, MostImages = 512;
    private readonly (ValidationBatches Batches, double Share)[] sources;

    /// <summary>Reads the datasets once; <see cref="Estimate(YoloModel, IReadOnlyList{double}, CancellationToken)"/> serves any number of
    /// models.</summary>
    /// <param name="model">A model like those to come: its task and stride count.</param>
    /// <param name="data">
    /// Datasets, of which the training images are used: at most 512 of each, spread over all of them. Labels do not matter.
    /// </param>
    /// <param name="imageSize">Side of the images in pixels; null takes the model's own.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DatasetException">A dataset cannot be read.</exception>
    public NormStatistics(YoloModel model, IEnumerable<string> data, int? imageSize, CancellationToken cancellation) =>
        sources = [.. data.Select(path => Read(model, path, imageSize ?? model.ImageSize, cancellation))
            .Select(batches => (batches, 1.0 / batches.Count))];

    /// <summary>Replaces the statistics of every layer; weights stay as they are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The weight of each dataset in the mean, above 0.</param>
    /// <param name="cancellation">Stops between two batches; the model then has statistics of fewer images.</param>
    public void Estimate(YoloModel model, IReadOnlyList<double> weights, CancellationToken cancellation) =>
        Estimate(model.Network, sources.SelectMany((source, i) =>
            source.Batches.Read(cancellation).Select(batch => (batch, weights[i] * source.Share))));

    private static ValidationBatches Read(YoloModel model, string dataPath, int imageSize, CancellationToken cancellation)
    {
        DatasetDescription description = DatasetDescription.Load(dataPath);
        TaskLabels labels = IEvaluatedTask.Of(model.Task).LabelsFor(description);
        ImageDataset all = ImageDataset.Load(description, "train", new DatasetOptions { Labels = labels }, cancellation: cancellation);
        double step = Math.Max(1, all.Images.Count / (double)MostImages);
        DatasetImage[] chosen = [.. Enumerable.Range(0, (int)(all.Images.Count / step)).Select(i => all.Images[(int)(i * step)])];
        return new(new ImageDataset(all.Split, all.Names, chosen, [], chosen.Length, labels), new ValidationBatchOptions
        {
            ImageSize = (imageSize + model.Stride - 1) / model.Stride * model.Stride,
            BatchSize = BatchSize,
            Rect = false,
            Stride = model.Stride,
        });
    }

    private static void Estimate(YoloNetwork network, IEnumerable<(ImageBatch Batch, double Weight)> batches)
    {
        (BatchNorm2d Norm, double Momentum, bool Keep)[] norms =
            [.. network.modules().OfType<BatchNorm2d>().Select(norm => (norm, norm.Momentum, norm.KeepStatistics))];
        bool training = network.training;
        using var untracked = torch.no_grad();
        try
        {
            network.train();
            double seen = 0;
            foreach ((ImageBatch batch, double weight) in batches)
            {
                using ImageBatch owned = batch;
                using DisposeScope scope = torch.NewDisposeScope();
                seen += weight;
                foreach ((BatchNorm2d norm, _, _) in norms) (norm.Momentum, norm.KeepStatistics) = (weight / seen, false);
                network.call(owned.Images.to(network.parameters().First().device).to(torch.float32).div_(255));
            }
        }
        finally
        {
            foreach ((BatchNorm2d norm, double momentum, bool keep) in norms) (norm.Momentum, norm.KeepStatistics) = (momentum, keep);
            network.train(training);
        }
    }
}
