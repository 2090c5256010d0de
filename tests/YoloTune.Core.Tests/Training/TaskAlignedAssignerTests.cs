using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Training;

public sealed class TaskAlignedAssignerTests
{
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Assignment_equals_the_golden(int index)
    {
        using JsonDocument document = Shared.Json(Golden.Folder + "assigner.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement problem = document.RootElement.GetProperty("problems")[index];
        IReadOnlyDictionary<string, torch.Tensor> golden = Shared.Tensors(Golden.Folder + problem.GetProperty("file").GetString());
        double[] size = problem.GetProperty("image_hw").Doubles();
        int[] strides = [.. problem.GetProperty("strides").EnumerateArray().Select(item => item.GetInt32())];
        using AnchorGrid grid = new([.. strides.Select(s => ((int)size[0] / s, (int)size[1] / s))], strides, torch.CPU);
        Golden.Close(golden["anc_points"], torch.stack([grid.X * grid.Stride, grid.Y * grid.Stride], 1), 0, "anchor points");

        torch.Tensor valid = golden["mask_gt"].squeeze(-1).nonzero();
        torch.Tensor image = valid.select(1, 0), slot = valid.select(1, 1);
        GroundTruth truth = new(
            image,
            golden["gt_labels"][TensorIndexOf(image), TensorIndexOf(slot)].view(-1).to(torch.int64),
            golden["gt_bboxes"][TensorIndexOf(image), TensorIndexOf(slot)].t().contiguous());
        TaskAlignedAssigner assigner = new(new()
        {
            TopK = problem.GetProperty("topk").GetInt32(),
            FinalTopK = problem.GetProperty("topk2").ValueKind == JsonValueKind.Null ? null : problem.GetProperty("topk2").GetInt32(),
        });
        torch.Tensor boxes = golden["pd_bboxes"] / grid.Stride.view(1, -1, 1);
        torch.Tensor distances = torch.stack([
            grid.X - boxes.select(2, 0), grid.Y - boxes.select(2, 1), boxes.select(2, 2) - grid.X, boxes.select(2, 3) - grid.Y], 1);
        Assignment found = assigner.Assign(golden["pd_scores"].transpose(1, 2).logit(), distances, grid, truth);

        torch.Tensor foreground = torch.zeros_like(golden["fg_mask"]);
        foreground.index_put_(true, TensorIndexOf(found.Image), TensorIndexOf(found.Anchor));
        Assert.True((foreground == golden["fg_mask"]).all().ToBoolean(), "the foreground differs");
        Assert.Equal(problem.GetProperty("positives").GetInt64(), found.Count);
        torch.Tensor expectedSlot = golden["target_gt_idx"][TensorIndexOf(found.Image), TensorIndexOf(found.Anchor)];
        Assert.True((expectedSlot == slot.index_select(0, found.Truth)).all().ToBoolean(), "an anchor went to another box");

        torch.Tensor scores = torch.zeros_like(golden["target_scores"]);
        scores.index_put_(
            found.Score, TensorIndexOf(found.Image), TensorIndexOf(found.Anchor),
            TensorIndexOf(truth.Classes.index_select(0, found.Truth)));
        Golden.Close(golden["target_scores"], scores, 1e-5, "soft labels");
    }

    [Fact]
    public void Two_equal_boxes_give_a_contested_anchor_to_the_first()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using AnchorGrid grid = new([(4, 4)], [8], torch.CPU);
        torch.Tensor corners = torch.tensor(new float[] { 0, 0, 0, 0, 32, 32, 32, 32 }).view(4, 2);
        GroundTruth truth = new(torch.zeros([2], torch.int64), torch.tensor([0L, 1L]), corners);
        Assignment found = new TaskAlignedAssigner(new()).Assign(torch.zeros([1, 2, 16]), torch.ones([1, 4, 16]), grid, truth);
        Assert.Equal(10, found.Count);
        Assert.True((found.Truth == 0).all().ToBoolean());
    }

    [Fact]
    public void Boxes_outside_the_image_assign_nothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using AnchorGrid grid = new([(4, 4)], [8], torch.CPU);
        GroundTruth truth = new(
            torch.zeros([1], torch.int64), torch.zeros([1], torch.int64), torch.tensor(new float[] { 100, 100, 120, 120 }).view(4, 1));
        Assert.Equal(0, new TaskAlignedAssigner(new()).Assign(torch.zeros([1, 2, 16]), torch.ones([1, 4, 16]), grid, truth).Count);
    }

    private static torch.TensorIndex TensorIndexOf(torch.Tensor index) => torch.TensorIndex.Tensor(index);
}
