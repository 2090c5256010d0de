using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Models.Transfer;

/// <summary>Classes come and go on every kind of detect head: classic, its older form, v10 and the end-to-end head of YOLO26.</summary>
public sealed class ClassSurgeryTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData("yolov8n", 6)]
    [InlineData("yolo11n", 6)]
    [InlineData("yolov10n", 12)]
    [InlineData("yolo26n", 12)]
    public void Added_rows_start_from_the_prior_and_everything_learned_stays(string architecture, int outputs)
    {
        using YoloModel model = Create(architecture);
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        Dictionary<string, long[]> shapes = model.Items.ToDictionary(item => item.Name, item => item.Tensor.shape);
        ClassSurgery.AddClasses(model, ["d", "e"]);
        Assert.Equal(["a", "b", "c", "d", "e"], model.ClassNames);
        HashSet<string> rows = [.. model.Items.Where(item => item.HasClassRows).Select(item => item.Name)];
        Assert.Equal(outputs, rows.Count);
        using IDisposable untracked = torch.no_grad();
        foreach (ModelItem item in model.Items)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            // Hidden widths stay: only the outputs have another shape.
            Assert.Equal(rows.Contains(item.Name) ? [5, .. shapes[item.Name][1..]] : shapes[item.Name], item.Tensor.shape);
            torch.Tensor kept = rows.Contains(item.Name) ? item.Tensor.narrow(0, 0, 3) : item.Tensor;
            Assert.Equal(before[item.Name], kept.contiguous().bytes.ToArray());
            if (!rows.Contains(item.Name)) continue;
            Assert.Equal(Origin.Remapped, item.Origin);
            if (!item.Name.EndsWith(".bias", StringComparison.Ordinal)) continue;
            // Five objects expected on an image of 640 pixels, spread over all classes and the cells of the level (RetinaNet's prior).
            int level = int.Parse(item.Name.Split('.')[^3]);
            double prior = Math.Log(5 / 5.0 / Math.Pow(640.0 / model.Network.Strides[level], 2));
            Assert.All(item.Tensor.narrow(0, 3, 2).data<float>().ToArray(), bias => Assert.Equal(prior, bias, 5));
        }
    }

    [Theory]
    [InlineData("yolov8n")]
    [InlineData("yolo11n")]
    [InlineData("yolov10n")]
    [InlineData("yolo26n")]
    public void Removed_rows_leave_the_others_as_they_were(string architecture)
    {
        using YoloModel model = Create(architecture);
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        ClassSurgery.AddClasses(model, ["d"]);
        ClassSurgery.RemoveClasses(model, [new NamePattern("d")]);
        Assert.Equal(Names, model.ClassNames);
        Dictionary<string, byte[]> after = TinyRun.Values(model);
        Assert.All(before, entry => Assert.Equal(entry.Value, after[entry.Key]));
        ClassSurgery.RemoveClasses(model, [new NamePattern("b")]);
        Assert.All(model.Items.Where(item => item.HasClassRows), item =>
        {
            byte[] now = TinyRun.Values(model)[item.Name];
            int row = before[item.Name].Length / 3;
            Assert.Equal([.. before[item.Name][..row], .. before[item.Name][(2 * row)..]], now);
        });
    }

    [Fact]
    public void What_is_frozen_and_how_fast_it_learns_stays()
    {
        using YoloModel model = Create("yolo11n");
        (FreezeSelection.First(10) with { ExceptClasses = ["b"] }).Resolve(model).Apply();
        LearningRateSelection.Decay(0.9).Resolve(model).Apply();
        double[] rates = [.. model.Items.Select(item => item.LearningRateMultiplier)];
        ClassSurgery.AddClasses(model, ["d"]);
        ClassSurgery.RemoveClasses(model, [new NamePattern("a")]);
        Assert.Equal(["b"], model.TrainableClasses.Select(id => model.ClassNames[id]));
        Assert.Equal(rates, model.Items.Select(item => item.LearningRateMultiplier));
        Assert.All(model.Items.Where(item => !item.IsConstant), item => Assert.Equal(item.Layer < 10, item.Frozen));
        Assert.All(model.Items.Where(item => !item.IsBuffer), item => Assert.Equal(!item.Frozen, item.Tensor.requires_grad));
        Assert.All(model.BatchNorms, (entry) => Assert.Equal(model.Item(entry.Path + ".weight").Frozen, entry.Norm.KeepStatistics));
    }

    private static YoloModel Create(string architecture)
    {
        YoloModel model = YoloModel.Create(ModelDefinition.Load(architecture), Names, seed: 3);
        // Learned rows are not alike; freshly made ones have equal biases.
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (ModelItem item in model.Items.Where(item => item.HasClassRows))
            item.Tensor.copy_(torch.rand(item.Tensor.shape, generator: new torch.Generator(11)));
        return model;
    }
}
