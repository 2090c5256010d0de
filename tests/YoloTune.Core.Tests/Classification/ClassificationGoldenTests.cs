using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Prediction;
using YoloTune.Tasks.Classification;
using YoloTune.Tests.Training;
using YoloTune.Training;
using YoloTune.Training.Optimizers;
using TestFiles = YoloTune.Tests.Data.TestFiles;

namespace YoloTune.Tests.Classification;

public sealed class ClassificationGoldenTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Losses_and_gradients_equal_the_reference()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using JsonDocument golden = ClassGolden.Json("loss.json");
        IReadOnlyDictionary<string, torch.Tensor> thousand = ClassGolden.Tensors("loss_1000.safetensors");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int classes = entry.GetProperty("classes").GetInt32();
            bool isLarge = !entry.TryGetProperty("logits", out JsonElement rows);
            torch.Tensor logits = (isLarge ? thousand["logits"] : rows.Tensor(rows.GetArrayLength(), classes)).clone();
            torch.Tensor targets = isLarge ? thousand["targets"] : entry.GetProperty("targets").Tensor(rows.GetArrayLength());
            logits.requires_grad = true;
            LossValues loss = ClassificationLoss.Compute(logits, targets);
            loss.Total.backward();
            double expected = entry.GetProperty("loss").GetDouble();
            Golden.Near(expected, loss.Total.ToDouble(), 1e-5 + (1e-8 / expected), $"loss of {classes} classes");
            torch.Tensor gradient = isLarge ? thousand["grad"] : entry.GetProperty("grad").Tensor(rows.GetArrayLength(), classes);
            Golden.Close(gradient, logits.grad!, 1e-6, "gradient");
            cases++;
        }
        Assert.Equal(4, cases);
    }

    [SkippableFact]
    public void Measures_and_confusions_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("metrics.json");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int classes = entry.GetProperty("classes").GetInt32();
            ClassificationEvaluator evaluator = new([.. Enumerable.Range(0, classes).Select(i => $"c{i}")], new EvaluationOptions());
            ClassScores[] scores = [.. entry.GetProperty("probabilities").EnumerateArray().Select(row => new ClassScores(row.Floats()))];
            int[] targets = [.. entry.GetProperty("targets").EnumerateArray().Select(value => value.GetInt32())];
            int[][] ranked =
                [.. entry.GetProperty("ranked").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
            Assert.Equal(ranked, scores.Select(score => score.Best.ToArray()));
            foreach ((ClassScores score, int target) in scores.Zip(targets)) evaluator.Add(score, target);
            YoloMetrics metrics = evaluator.ToMetrics(null, null);
            Assert.Equal(entry.GetProperty("top1").GetDouble(), metrics.Top1!.Value, 6);
            Assert.Equal(entry.GetProperty("top5").GetDouble(), metrics.Top5!.Value, 6);
            Assert.Equal(entry.GetProperty("fitness").GetDouble(), metrics.Fitness!.Value, 6);
            Assert.Equal((string[])["metrics/accuracy_top1", "metrics/accuracy_top5"], metrics.Measures.Keys);
            JsonElement counts = entry.GetProperty("confusion_pred_by_true");
            Assert.False(metrics.ConfusionMatrix.HasBackground);
            for (int predicted = 0; predicted < classes; predicted++)
            {
                for (int actual = 0; actual < classes; actual++)
                    Assert.Equal(counts[predicted][actual].GetDouble(), metrics.ConfusionMatrix[predicted, actual]);
            }
            cases++;
        }
        Assert.Equal(4, cases);
    }

    [SkippableFact]
    public void Optimiser_groups_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("param_groups.json");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = entry.GetProperty("model").GetString()!;
            using YoloNetwork network = new(
                ModelPlan.Create(ModelDefinition.Load(name).WithClassCount(entry.GetProperty("nc").GetInt32())),
                new() { Initialise = false });
            IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
                network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
                Enum.Parse<OptimizerKind>(entry.GetProperty("optimizer").GetString()!), 0.01, 0.937, 0.0005);
            JsonElement[] expected = [.. entry.GetProperty("groups").EnumerateArray()];
            Assert.Equal(expected.Length, groups.Count);
            foreach ((JsonElement want, ParameterGroup group) in expected.Zip(groups))
            {
                Assert.Equal(want.GetProperty("tensors").GetInt32(), group.Parameters.Count);
                Assert.Equal(want.GetProperty("elements").GetInt64(), group.Parameters.Sum(parameter => parameter.Value.numel()));
                Assert.Equal(want.GetProperty("lr").GetDouble(), group.LearningRate, 12);
                Assert.Equal(want.GetProperty("weight_decay").GetDouble(), group.WeightDecay);
            }
            cases++;
        }
        Assert.Equal(9, cases);
    }

    [SkippableFact]
    public void Transfer_counts_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("transfer.json");
        Dictionary<(string, int), YoloModel> models = [];
        YoloModel Model(string name, int classes)
        {
            if (models.TryGetValue((name, classes), out YoloModel? known)) return known;
            ModelDefinition definition = ModelDefinition.Load(name).WithClassCount(classes);
            return models[(name, classes)] = new YoloModel(
                YoloNetwork.CreateShapes(ModelPlan.Create(definition)), [.. Enumerable.Range(0, classes).Select(i => $"c{i}")]);
        }
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string source = entry.GetProperty("source").GetString()!.Split(' ')[0];
            int count = entry.TryGetProperty("source_nc", out JsonElement classes) ? classes.GetInt32()
                : source == "yolo11n" ? 80 : 1000;
            YoloModel target = Model(entry.GetProperty("target").GetString()!, entry.GetProperty("nc").GetInt32());
            TransferPlan plan = TransferPlanner.Create(target, TransferSource.FromModel(Model(source, count)), new());
            Assert.Equal(
                (entry.GetProperty("transferred").GetInt32(), entry.GetProperty("total").GetInt32()),
                (plan.Transferred, target.Items.Count));
            cases++;
        }
        Assert.Equal(25, cases);
    }

    [SkippableTheory]
    [InlineData("sgd", OptimizerKind.SGD)]
    [InlineData("adamw", OptimizerKind.AdamW)]
    public void Ten_iterations_give_the_losses_and_weights_of_the_reference(string name, OptimizerKind kind)
    {
        using JsonDocument document = ClassGolden.Json("trajectory/trajectory.json");
        IReadOnlyDictionary<string, torch.Tensor> batches = ClassGolden.Tensors("trajectory/batches.safetensors");
        JsonElement golden = document.RootElement.GetProperty("runs").GetProperty(name);
        using YoloModel model = ClassGolden.Tiny("trajectory/tiny_init.safetensors");
        YoloNetwork network = model.Network;
        network.train();
        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(
            network.StateItems.Where(item => !item.IsBuffer).Select(item => new TrainableParameter(item.Name, item.Tensor)),
            kind, golden.GetProperty("lr").GetDouble(), 0.937, 0.0005);
        Assert.Equal(
            golden.GetProperty("group_tensors_weight_bn_bias").EnumerateArray().Select(value => value.GetInt32()),
            groups.Select(group => group.Parameters.Count));
        using ParameterOptimizer optimizer = ParameterOptimizer.Create(kind, groups);
        using ClassificationLoss loss = new();
        using ModelAverage average = new(network.StateItems.Select(item => (item.Name, item.Tensor)));
        TrainingStep step = new(network, loss, optimizer, average, new());
        int[] order = [.. document.RootElement.GetProperty("batch_order").EnumerateArray().Select(value => value.GetInt32())];
        double worst = 0;
        for (int i = 0; i < order.Length; i++)
        {
            JsonElement expected = golden.GetProperty("iterations")[i];
            torch.Tensor classes = batches[$"{order[i]}.cls"].to(torch.float32);
            ImageBatch batch = new()
            {
                Images = batches[$"{order[i]}.img"],
                Targets = new() { ImageIndex = torch.arange(classes.shape[0]).to(torch.float32), Classes = classes,
                    Boxes = torch.zeros(classes.shape[0], 4) },
            };
            using StepResult result = step.Run(batch, i, accumulate: 1);
            double wanted = expected.GetProperty("loss").GetDouble();
            Golden.Near(wanted, result.Total.ToDouble(), 1e-4, $"loss of iteration {i}");
            worst = Math.Max(worst, Math.Abs((result.Total.ToDouble() / wanted) - 1));
            if (i == 0) Golden.Near(expected.GetProperty("grad_norm_before_clip").GetDouble(), result.GradientNorm!.ToDouble(),
                1e-5, "norm");
            if (i == 0) Compare(network.StateItems.Select(item => (item.Name, item.Tensor)), name + "_after_1_iteration");
        }
        double weights = Compare(network.StateItems.Select(item => (item.Name, item.Tensor)), name + "_final");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: loss {worst:g3}, weights {weights:g3}"));
        if (name == "sgd") output.WriteLine(Compare(average.State, "sgd_ema").ToString("g3", CultureInfo.InvariantCulture));
        network.eval();
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement eval = golden.GetProperty("eval_of_batch0_after_run").GetProperty("eval_softmax");
        Golden.Close(
            eval.Tensor(8, 4), network.Decode(network.call(TrainingStep.Input(batches["0.img"], torch.float32, false))), 1e-4,
            "probabilities");

        double Compare(IEnumerable<(string Name, torch.Tensor Tensor)> state, string file)
        {
            IReadOnlyDictionary<string, torch.Tensor> expected = ClassGolden.Tensors($"trajectory/{file}.safetensors");
            double largest = 0;
            foreach ((string item, torch.Tensor tensor) in state.Where(entry => entry.Tensor.is_floating_point()))
            {
                Golden.Close(expected[item], tensor, 1e-4, item);
                largest = Math.Max(largest, Golden.MaxDifference(expected[item], tensor));
            }
            return largest;
        }
    }

    [SkippableFact]
    public void First_logits_and_gradients_equal_the_reference()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyDictionary<string, torch.Tensor> batches = ClassGolden.Tensors("trajectory/batches.safetensors");
        IReadOnlyDictionary<string, torch.Tensor> expected = ClassGolden.Tensors("trajectory/sgd_iter0.safetensors");
        using YoloModel model = ClassGolden.Tiny("trajectory/tiny_init.safetensors");
        model.Network.train();
        NetworkOutput raw = model.Network.call(TrainingStep.Input(batches["0.img"], torch.float32, false));
        Golden.Close(expected["logits"], raw.Logits!, 1e-5, "logits");
        ClassificationLoss.Compute(raw.Logits!, batches["0.cls"]).Total.backward();
        foreach ((string name, torch.Tensor gradient) in expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal)))
            Golden.Close(gradient, model.Item(name["grad.".Length..]).Tensor.grad!, 1e-5, name);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predictions_equal_the_reference(bool fuse)
    {
        using TestFiles files = new();
        using JsonDocument golden = ClassGolden.Json("predict.json");
        IReadOnlyDictionary<string, torch.Tensor> images = ClassGolden.Tensors("predict.safetensors");
        using YoloModel model = ClassGolden.Tiny("tiny_trained.safetensors");
        double worst = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int number = entry.GetProperty("image").GetInt32();
            using ImageBuffer image = ClassGolden.Image(images[$"{number}.bgr"], isBgr: true);
            string path = files.PathOf($"{number}.png");
            ImageEncoder.Save(image, path);
            using Predictor predictor = Predictor.For(
                model, new() { ImageSize = entry.GetProperty("imgsz_asked").GetInt32(), Fuse = fuse, Precision = Precision.Float32 });
            ImagePrediction found = predictor.Predict([path]).Single();
            Assert.Equal(entry.GetProperty("imgsz_used")[0].GetInt32(), found.Classification!.ImageSize);
            double[] probabilities = entry.GetProperty("probabilities").Doubles();
            Assert.Equal(entry.GetProperty("top5").EnumerateArray().Select(value => value.GetInt32()),
                found.Classification.Top5.Select(score => score.ClassId));
            Assert.Equal(entry.GetProperty("top1").GetInt32(), found.Classification.ClassId);
            foreach (ClassScore score in found.Classification.Top5)
            {
                Assert.Equal(probabilities[score.ClassId], score.Confidence, 1e-5);
                worst = Math.Max(worst, Math.Abs(probabilities[score.ClassId] - score.Confidence));
            }
            if (fuse)
            {
                using Predictor half = Predictor.For(
                    model, new() { ImageSize = entry.GetProperty("imgsz_asked").GetInt32(), Precision = Precision.BFloat16 });
                YoloClassification rounded = half.Predict([path]).Single().Classification!;
                Assert.Equal(found.Classification.ClassId, rounded.ClassId);
                Assert.InRange(Math.Abs(found.Classification.Top1Confidence - rounded.Top1Confidence), 1e-7, 0.03); // eight bits of mantissa
            }
            Assert.Equal(entry.GetProperty("verbose").GetString(), found.Classification + ", ");
            string text = files.PathOf($"{number}.txt");
            Assert.True(predictor.SaveText(found, text));
            Assert.Equal(entry.GetProperty("text").EnumerateArray().Select(line => line.GetString()), File.ReadAllLines(text));
            Assert.Same(found.Classification, Assert.Single(found.Results));
            predictor.SavePicture(found, files.PathOf($"{number}.jpg"));
            Assert.True(File.Exists(files.PathOf($"{number}.jpg")));
        }
        output.WriteLine(worst.ToString("g3", CultureInfo.InvariantCulture));
    }
}
