using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tests.Training;

public sealed class ObbLossTests(ITestOutputHelper log)
{
    private const string Folder = "reference/tasks/obb/goldens/";
    private static readonly int[] Strides = [8, 16, 32];
    private static readonly (int Rows, int Columns)[] Grids = [(8, 12), (4, 6), (2, 3)];

    [SkippableTheory]
    [InlineData("classic", false)]
    [InlineData("classic", true)]
    [InlineData("classic_regmax4", false)]
    [InlineData("classic_no_objects", false)]
    [InlineData("classic_only_tiny", false)]
    [InlineData("classic_angle_weight", false)]
    [InlineData("obb26_one2many", false)]
    [InlineData("obb26_one2one", true)]
    public void Loss_and_gradients_equal_the_golden(string name, bool anchorsFirst)
    {
        using JsonDocument document = Shared.Json(Folder + "obb_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("cases").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + golden.GetProperty("file").GetString());
        HeadOutput output = Output(tensors, "pred_", anchorsFirst);
        using ObbLoss loss = new(golden.GetProperty("reg_max").GetInt32(), Strides, options:
            golden.GetProperty("topk2").GetInt32() == 1 ? AssignerOptions.OneToOne : AssignerOptions.OneToMany);
        LossValues result = loss.Compute(output, tensors["target_batch_idx"], tensors["target_cls"], tensors["target_bboxes"]);
        result.Total.backward();

        // 1e-4 relative, as the reference's README states; gradients relative to their largest entry.
        double[] expected = golden.GetProperty("items").Doubles();
        Assert.Equal(golden.GetProperty("item_order").EnumerateArray().Select(item => item.GetString()!), loss.Names);
        for (int part = 0; part < expected.Length; part++)
            Golden.Near(expected[part], result.Items[part].ToDouble(), 1e-4, loss.Names[part]);
        Golden.Near(golden.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        CloseGradients(tensors, "grad_", output);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Both_branches_equal_the_golden(int step)
    {
        using JsonDocument document = Shared.Json(Folder + "obb_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("two_branch"), expected = golden.GetProperty("steps")[step];
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + golden.GetProperty("file").GetString());
        HeadOutput many = Output(tensors, "many_"), one = Output(tensors, "one_");
        using EndToEndLoss loss = new(
            new ObbLoss(1, Strides), new ObbLoss(1, Strides, options: AssignerOptions.OneToOne), golden.GetProperty("epochs").GetInt32());
        loss.SetFinishedEpochs(expected.GetProperty("updates").GetInt32());
        LossValues result = loss.Compute(many, one, new()
        {
            ImageIndex = tensors["target_batch_idx"],
            Classes = tensors["target_cls"],
            Boxes = tensors["target_bboxes"],
            Parts = new Dictionary<string, torch.Tensor> { [ObbLoss.BoxesPart] = tensors["target_bboxes"] },
        });
        result.Total.backward();
        double[] items = expected.GetProperty("reported_items").Doubles();
        for (int part = 0; part < items.Length; part++) Golden.Near(items[part], result.Items[part].ToDouble(), 1e-4, loss.Names[part]);
        Golden.Near(expected.GetProperty("total").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        if (step > 0) return;
        CloseGradients(tensors, "grad_many_", many);
        CloseGradients(tensors, "grad_one_", one);
    }

    [Fact]
    public void A_predicted_box_without_area_gives_finite_gradients()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HeadOutput output = new()
        {
            Boxes = torch.zeros(1, 4, 126, requires_grad: true),
            Scores = torch.zeros(1, 2, 126, requires_grad: true),
            Angles = torch.zeros(1, 1, 126, requires_grad: true),
            Grids = Grids,
        };
        // Labels of one side so small that boxes without area still agree with them a little.
        torch.Tensor boxes = torch.tensor(new float[] { 0.5f, 0.5f, 0.04f, 0.04f, 0.3f }).view(1, 5);
        using ObbLoss loss = new(1, Strides);
        LossValues result = loss.Compute(output, torch.zeros(1), torch.zeros(1), boxes);
        result.Total.backward();
        Assert.True(result.Total.isfinite().ToBoolean());
        foreach (torch.Tensor tensor in (torch.Tensor[])[output.Boxes, output.Angles!])
            Assert.True(tensor.grad is not { } gradient || gradient.isfinite().all().ToBoolean());
    }

    private static HeadOutput Output(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix, bool anchorsFirst = false) => new()
    {
        Boxes = Layout(tensors[prefix + "boxes"], anchorsFirst),
        Scores = Layout(tensors[prefix + "scores"], anchorsFirst),
        Angles = Layout(tensors[prefix + "angle"], anchorsFirst),
        Grids = Grids,
    };

    private static torch.Tensor Layout(torch.Tensor tensor, bool anchorsFirst) =>
        (anchorsFirst ? tensor.transpose(1, 2).contiguous().transpose(1, 2) : tensor.clone()).detach().requires_grad_();

    private void CloseGradients(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix, HeadOutput output)
    {
        foreach ((string name, torch.Tensor tensor) in ((string, torch.Tensor)[])[
            ("boxes", output.Boxes), ("scores", output.Scores), ("angle", output.Angles!)])
        {
            torch.Tensor expected = tensors[prefix + name], actual = tensor.grad ?? torch.zeros_like(tensor);
            double largest = expected.abs().max().ToDouble(), difference = Golden.MaxDifference(expected, actual);
            log.WriteLine(FormattableString.Invariant($"{prefix}{name}: {difference / Math.Max(largest, 1e-30):g3}"));
            Assert.True(difference <= 1e-4 * largest, $"the gradient of {name} differs by {difference:g4} of {largest:g4}.");
        }
    }
}
