using System.Diagnostics;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Networks;

namespace YoloTune.Evaluation;

/// <summary>
/// Measures a network on labelled images. Training and Measure-YoloModel both use it, so their figures never disagree. It keeps a few
/// numbers for each detection and nothing of the images.
/// </summary>
internal sealed class Validator
{
    private readonly IReadOnlyList<string> _classNames;
    private readonly EvaluationOptions _options;

    /// <summary>Prepares measurements.</summary>
    /// <param name="classNames">A name for every class of the networks to measure.</param>
    /// <param name="options">How to measure; null for the defaults.</param>
    public Validator(IReadOnlyList<string> classNames, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        _options = options ?? new EvaluationOptions();
        _classNames = _options.SingleClass ? DatasetOptions.SingleClassNames : classNames;
    }

    /// <summary>Measures a network.</summary>
    /// <param name="network">The network; weights and mode are left as they are.</param>
    /// <param name="batches">The images with their labels; each batch is freed after use.</param>
    /// <param name="hooks">A loss, an observer and progress, where wanted.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ModelFormatException">Networks of this task are not measured.</exception>
    /// <exception cref="DatasetException">A label has a class the network does not have.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public YoloMetrics Run(
        YoloNetwork network, IEnumerable<ImageBatch> batches, ValidationHooks? hooks = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        if (!_options.SingleClass && _classNames.Count != network.ClassCount)
        {
            throw new ArgumentException($"{_classNames.Count} class names do not fit {network.ClassCount} classes.", nameof(network));
        }
        IEvaluatedTask.Of(network.Plan.Task);
        hooks ??= new ValidationHooks();
        // Folding drops the one-to-many branch of an end-to-end head, which the loss needs.
        bool fuse = _options.Fuse && !(hooks.Loss is not null && network.EndToEnd);
        using IDisposable untracked = torch.no_grad();
        using InferenceNetwork inference = new(network, fuse, _options.Precision, _options.ChannelsLast);
        return Run(network.Plan.Task, inference, batches, hooks, cancellation);
    }

    /// <summary>Measures what was made ready for inference.</summary>
    internal YoloMetrics Run(
        NetworkTask task, IInference inference, IEnumerable<ImageBatch> batches, ValidationHooks hooks,
        CancellationToken cancellation = default)
    {
        using IDisposable untracked = torch.no_grad();
        EvaluationOptions used = _options with { Precision = inference.Precision };
        Pass pass = new(inference, IEvaluatedTask.Of(task).CreateEvaluator(_classNames, used), hooks);
        try
        {
            using IEnumerator<ImageBatch> source = batches.GetEnumerator();
            while (pass.Next(source, cancellation))
            {
            }
            return pass.Result();
        }
        finally
        {
            pass.Dispose();
        }
    }

    /// <summary>One run over the batches: its counters and its clock.</summary>
    private sealed class Pass(IInference inference, ITaskEvaluator evaluator, ValidationHooks hooks)
        : IDisposable
    {
        private TimeSpan _preprocess, _inference, _loss, _postprocess;
        private torch.Tensor? _losses;
        private int _batches;

        public bool Next(IEnumerator<ImageBatch> source, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            if (!source.MoveNext()) return false;
            using ImageBatch batch = source.Current;
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor images = inference.Prepare(batch.Images);
            Lap(ref _preprocess, ref start);

            InferenceOutput output = inference.Predict(images);
            Lap(ref _inference, ref start);

            if (hooks.Loss is not null && output.Raw is not null) AddLoss(hooks.Loss(output.Raw, batch));
            Lap(ref _loss, ref start);

            IReadOnlyList<ImageResult> found = evaluator.Add(batch, inference, output);
            Lap(ref _postprocess, ref start);

            hooks.Observer?.Invoke(new EvaluatedBatch(_batches, batch, found));
            _batches++;
            hooks.Progress?.Report(new EvaluationProgress(evaluator.Images, hooks.TotalImages));
            return true;
        }

        public YoloMetrics Result()
        {
            int images = evaluator.Images;
            if (images == 0) return evaluator.ToMetrics(null, null);
            double PerImage(TimeSpan time) => time.TotalMilliseconds / images;
            EvaluationSpeed speed = new(
                PerImage(_preprocess), PerImage(_inference), hooks.Loss is null ? null : PerImage(_loss), PerImage(_postprocess));
            return evaluator.ToMetrics(speed, _losses is null ? null : MeanLosses());
        }

        public void Dispose() => _losses?.Dispose();

        private void Lap(ref TimeSpan total, ref long start)
        {
            inference.Synchronize();
            long now = Stopwatch.GetTimestamp();
            total += Stopwatch.GetElapsedTime(start, now);
            start = now;
        }

        private void AddLoss(torch.Tensor items)
        {
            torch.Tensor detached = items.detach().to(torch.ScalarType.Float64);
            if (_losses is null) _losses = detached.clone().DetachFromDisposeScope();
            else _losses.add_(detached);
        }

        private Dictionary<string, double> MeanLosses()
        {
            using torch.Tensor host = _losses!.cpu();
            return hooks.LossNames.Zip(host.data<double>()).ToDictionary(entry => entry.First, entry => entry.Second / _batches);
        }
    }
}
