using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Training;

public sealed class RotatedAssignerTests
{
    private const string Folder = "reference/tasks/obb/goldens/";

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Assignment_equals_the_golden(int index)
    {
        using JsonDocument document = Shared.Json(Folder + "assigner.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement problem = document.RootElement.GetProperty("cases")[index];
        IReadOnlyDictionary<string, torch.Tensor> golden = Shared.Tensors(Folder + problem.GetProperty("file").GetString());
        int[] strides = [.. problem.GetProperty("strides").EnumerateArray().Select(item => item.GetInt32())];
        using AnchorGrid grid = new([.. strides.Select(s => (64 / s, 96 / s))], strides, torch.CPU);
        Golden.Close(golden["anc_points"], torch.stack([grid.X * grid.Stride, grid.Y * grid.Stride], 1), 0, "anchor points");

        torch.Tensor valid = golden["mask_gt"].squeeze(-1).nonzero(), image = valid.select(1, 0), slot = valid.select(1, 1);
        RotatedPlanes given = RotatedPlanes.FromPlanes(golden["gt_bboxes"][Index(image), Index(slot)].t());
        RotatedPlanes enlarged = given with
        {
            Width = RotatedTruth.Enlarge(given.Width, strides), Height = RotatedTruth.Enlarge(given.Height, strides),
        };
        RotatedPlanes expectedBoxes = RotatedPlanes.FromPlanes(golden["gt_bboxes_enlarged"][Index(image), Index(slot)].t());
        Golden.Close(expectedBoxes.Width, enlarged.Width, 0, "width");
        Golden.Close(expectedBoxes.Height, enlarged.Height, 0, "height");

        (torch.Tensor owner, torch.Tensor candidate) = RotatedAssigner.Candidates(grid, enlarged);
        torch.Tensor inside = torch.zeros([slot.size(0), grid.Count], dtype: torch.@bool);
        inside.index_put_(true, Index(owner), Index(candidate));
        Assert.True((inside == golden["mid_candidates"][Index(image), Index(slot)]).all().ToBoolean(), "the candidates differ");

        RotatedTruth truth = new(image, golden["gt_labels"][Index(image), Index(slot)].view(-1).to(torch.int64), enlarged);
        RotatedAssigner assigner = new(problem.GetProperty("topk2").GetInt32() == 1 ? AssignerOptions.OneToOne : AssignerOptions.OneToMany);
        torch.Tensor predicted = golden["pd_bboxes"].permute(2, 0, 1);
        RotatedPlanes cells = RotatedPlanes.FromPlanes(predicted).Scale(1 / grid.Stride);
        torch.Tensor distances = cells.ToDistances(grid.X, grid.Y).permute(1, 0, 2);
        Assignment found = assigner.Assign(
            golden["pd_scores"].transpose(1, 2).logit(), distances, predicted[4].unsqueeze(1), grid, truth);

        torch.Tensor foreground = torch.zeros_like(golden["fg_mask"]);
        foreground.index_put_(true, Index(found.Image), Index(found.Anchor));
        Assert.True((foreground == golden["fg_mask"]).all().ToBoolean(), "the foreground differs");
        torch.Tensor expectedSlot = golden["target_gt_idx"][Index(found.Image), Index(found.Anchor)];
        Assert.True((expectedSlot == slot.index_select(0, found.Truth)).all().ToBoolean(), "an anchor went to another box");
        torch.Tensor scores = torch.zeros_like(golden["target_scores"]);
        scores.index_put_(
            found.Score, Index(found.Image), Index(found.Anchor), Index(truth.Classes.index_select(0, found.Truth)));
        Golden.Close(golden["target_scores"], scores, 1e-5, "soft labels");
    }

    private static torch.TensorIndex Index(torch.Tensor index) => torch.TensorIndex.Tensor(index);
}
