using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Detection;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tests.Training;

public sealed class DetectionLossTests
{
    private static readonly int[] Strides = [8, 16, 32];
    private static readonly (int Rows, int Columns)[] Grids = [(8, 12), (4, 6), (2, 3)];

    [SkippableTheory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Loss_and_gradients_equal_the_golden(int index, bool anchorsFirst)
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "det_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("cases")[index];
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Golden.Folder + golden.GetProperty("file").GetString());
        HeadOutput output = Output(tensors["pred_boxes"], tensors["pred_scores"], anchorsFirst);
        using DetectionLoss loss = new(golden.GetProperty("reg_max").GetInt32(), Strides, options: new()
        {
            TopK = golden.GetProperty("topk").GetInt32(),
            FinalTopK = golden.GetProperty("topk2").ValueKind == JsonValueKind.Null ? null : golden.GetProperty("topk2").GetInt32(),
        });
        LossValues result = loss.Compute(output, tensors["batch_idx"], tensors["cls"], tensors["bboxes"]);
        result.Total.backward();

        // 1e-4 relative, as the reference's README states; gradients relative to their largest entry.
        double[] expected = golden.GetProperty("loss_items_box_cls_dfl").Doubles();
        for (int part = 0; part < 3; part++) Golden.Near(expected[part], result.Items[part].ToDouble(), 1e-4, $"item {part}");
        Golden.Near(golden.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        CloseGradient(tensors["grad_boxes"], output.Boxes.grad!);
        CloseGradient(tensors["grad_scores"], output.Scores.grad!);
    }

    [SkippableFact]
    public void Without_a_box_only_the_class_loss_counts()
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "det_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("cases")[3];
        var tensors = Shared.Tensors(Golden.Folder + "det_loss_classic_regmax16_topk10.safetensors");
        HeadOutput output = Output(tensors["pred_boxes"], tensors["pred_scores"]);
        using DetectionLoss loss = new(16, Strides);
        LossValues result = loss.Compute(output, torch.zeros([0]), torch.zeros([0, 1]), torch.zeros([0, 4]));
        result.Total.backward();
        double[] expected = golden.GetProperty("loss_items_box_cls_dfl").Doubles();
        for (int part = 0; part < 3; part++) Golden.Near(expected[part], result.Items[part].ToDouble(), 1e-4);
        Golden.Near(golden.GetProperty("grad_scores_norm").GetDouble(), output.Scores.grad!.norm().ToDouble(), 1e-4);
        Assert.True(output.Boxes.grad is null || output.Boxes.grad.abs().max().ToDouble() == 0);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void End_to_end_loss_equals_the_golden(int state)
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "det_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("yolo26_end_to_end");
        JsonElement expected = golden.GetProperty("states")[state];
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Golden.Folder + golden.GetProperty("file").GetString());
        HeadOutput many = Output(tensors["o2m_boxes"], tensors["o2m_scores"]), one = Output(tensors["o2o_boxes"], tensors["o2o_scores"]);
        using EndToEndLoss loss = new(
            new DetectionLoss(1, Strides), new DetectionLoss(1, Strides, options: AssignerOptions.OneToOne),
            golden.GetProperty("epochs").GetInt32());
        loss.SetFinishedEpochs(expected.GetProperty("updates").GetInt32());
        Golden.Near(expected.GetProperty("o2m").GetDouble(), loss.OneToManyWeight, 1e-12);
        LossValues result = loss.Compute(
            many, one, new() { ImageIndex = tensors["batch_idx"], Classes = tensors["cls"], Boxes = tensors["bboxes"] });
        result.Total.backward();

        Golden.Near(expected.GetProperty("loss_vector_backward").Doubles().Sum(), result.Total.ToDouble(), 1e-4, "total");
        double[] items = expected.GetProperty("reported_items").Doubles();
        for (int part = 0; part < 3; part++) Golden.Near(items[part], result.Items[part].ToDouble(), 1e-4, $"item {part}");
        JsonElement norms = expected.GetProperty("grad_norms");
        Golden.Near(norms.GetProperty("o2m_boxes").GetDouble(), many.Boxes.grad!.norm().ToDouble(), 1e-4);
        Golden.Near(norms.GetProperty("o2o_scores").GetDouble(), one.Scores.grad!.norm().ToDouble(), 1e-4);
        if (state > 0) return;
        CloseGradient(tensors["grad_o2m_boxes"], many.Boxes.grad!);
        CloseGradient(tensors["grad_o2m_scores"], many.Scores.grad!);
        CloseGradient(tensors["grad_o2o_boxes"], one.Boxes.grad!);
        CloseGradient(tensors["grad_o2o_scores"], one.Scores.grad!);
    }

    [Fact]
    public void Loss_leaves_no_tensor_behind()
    {
        using DetectionLoss loss = new(16, Strides);
        using DisposeScope scope = torch.NewDisposeScope();
        HeadOutput output = Output(torch.randn(3, 64, 126), torch.randn(3, 5, 126));
        torch.Tensor image = torch.tensor([0f, 2f]), classes = torch.tensor([1f, 4f]);
        torch.Tensor boxes = torch.tensor(new float[] { 0.5f, 0.5f, 0.4f, 0.6f, 0.3f, 0.3f, 0.2f, 0.2f }).view(2, 4);
        LossValues first = loss.Compute(output, image, classes, boxes);
        first.Total.Dispose();
        first.Items.Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        LossValues second = loss.Compute(output, image, classes, boxes);
        second.Total.Dispose();
        second.Items.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static HeadOutput Output(torch.Tensor boxes, torch.Tensor scores, bool anchorsFirst = false) => new()
    {
        Boxes = Layout(boxes, anchorsFirst),
        Scores = Layout(scores, anchorsFirst),
        Grids = Grids,
    };

    private static torch.Tensor Layout(torch.Tensor tensor, bool anchorsFirst) =>
        (anchorsFirst ? tensor.transpose(1, 2).contiguous().transpose(1, 2) : tensor.clone()).detach().requires_grad_();

    private static void CloseGradient(torch.Tensor expected, torch.Tensor actual) =>
        Golden.Close(expected, actual, 1e-4 * expected.abs().max().ToDouble(), "gradient");
}
