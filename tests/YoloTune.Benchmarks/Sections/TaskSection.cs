using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;
using YoloTune.DatasetTools.Samples;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Tasks;

namespace YoloTune.Benchmarks.Sections;

/// <summary>
/// Iterations of models that predict more than boxes against those of a detector of the same size, on drawn images of the same number and
/// size, and what measuring costs beyond reading, forward pass and suppression.
/// </summary>
internal sealed class TaskSection : ISection
{
    private const string Base = "yolo11n";
    private static readonly string[] Models = [Base, Base + "-seg", Base + "-pose", Base + "-obb"];

    public string Name => "tasks";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        string folder = Directory.CreateTempSubdirectory("yolotune-tasks").FullName;
        try
        {
            Variant variant = options.Variants[^1];
            List<TaskRig> rigs = [.. Models.Select(name => new TaskRig(name, folder, options, variant))];
            Measure measure = Measure.Interleaved(options.Rounds, rigs.Select(rig => (Action<Measure>)rig.Train));
            Measure measured = Measure.Interleaved(options.Rounds, rigs.Select(rig => (Action<Measure>)rig.Evaluate));
            report.Section($"Iteration by task, everything included, {variant}, {options.Size} px, batch {options.Batch}", "ms");
            foreach (string name in Models)
            {
                report.Row(measure, name);
                if (name != Base) report.Row($"{name}: times {Base}", measure.Ratio(name, Base));
            }
            report.Section($"Measuring by task, {options.Size} px", "ms per image");
            foreach (string name in Models)
            {
                report.Row(measured, name);
                report.Row($"{name}: times reading and forward pass", measured.Ratio(name, TaskRig.Rest(name)));
            }
            foreach (TaskRig rig in rigs) rig.Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class TaskRig : IDisposable
    {
        private readonly string name;
        private readonly string file;
        private readonly YoloModel model;
        private readonly TrainingPipeline pipeline;
        private readonly TrainingBatches batches;
        private readonly TrainingRig rig;
        private readonly BenchmarkOptions options;
        private int epoch;

        public TaskRig(string name, string folder, BenchmarkOptions options, Variant variant)
        {
            (this.name, this.options) = (name, options);
            ModelDefinition definition = ModelDefinition.Load(name);
            NetworkTask task = definition.Task;
            SampleDatasetOptions drawn = new() { Count = 8 * options.Batch, ImageSize = options.Size, Task = task };
            DatasetDescription description = SampleDataset.Create(Path.Combine(folder, name), drawn);
            file = description.File;
            if (description.Keypoints is { } shape) definition = definition.WithKeypointShape(shape.Count, shape.Dimensions);
            model = YoloModel.Create(definition, description.Names);
            TaskLabels labels = YoloTask.ToTrain(task, name).LabelsFor(description, new());
            pipeline = TrainingPipeline.Create(
                ImageDataset.Load(description, "train", new DatasetOptions { Labels = labels }),
                new PipelineOptions { ImageSize = options.Size, BatchSize = options.Batch });
            batches = new TrainingBatches(pipeline, Math.Min(Environment.ProcessorCount, 8));
            rig = new TrainingRig(variant, model);
        }

        public static string Rest(string name) => name + " rest";

        public void Train(Measure into)
        {
            Clock clock = Clock.Start();
            int count = 0;
            foreach (ImageBatch loaded in batches.Epoch(epoch++))
            {
                using ImageBatch batch = loaded;
                rig.Train(batch, accumulate: 1);
                count++;
            }
            into.Add(name, clock.Milliseconds / count);
        }

        public void Evaluate(Measure into)
        {
            model.Network.eval();
            EvaluationSpeed speed = ModelEvaluation.Measure(model, file, new() { ImageSize = options.Size, Split = "train" }).Speed!;
            model.Network.train();
            double rest = speed.Preprocess!.Value + speed.Inference!.Value;
            into.Add(name, rest + speed.Postprocess!.Value);
            into.Add(Rest(name), rest);
        }

        public void Dispose()
        {
            // The rig owns the model.
            rig.Dispose();
            pipeline.Dispose();
        }
    }
}
