using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Training;

public sealed class BoxOverlapTests
{
    private const string File = Golden.Folder + "iou_dfl_bce.json";

    [SkippableTheory]
    [InlineData("iou", nameof(OverlapKind.IoU))]
    [InlineData("giou", nameof(OverlapKind.Generalized))]
    [InlineData("diou", nameof(OverlapKind.Distance))]
    [InlineData("ciou", nameof(OverlapKind.Complete))]
    public void Overlaps_equal_the_golden(string name, string kind)
    {
        using JsonDocument document = Shared.Json(File);
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("iou");
        (torch.Tensor first, torch.Tensor second) = Boxes(golden);
        torch.Tensor actual = BoxOverlap.Compute(BoxPlanes.FromRows(first), BoxPlanes.FromRows(second), Enum.Parse<OverlapKind>(kind));
        // 1e-5 as the reference's README states; the last pair has no area at all and need only be finite.
        Golden.Close(golden.GetProperty(name).Tensor(-1)[..^1], actual[..^1], 1e-5, name);
        Assert.True(actual.isfinite().all().ToBoolean());
    }

    [SkippableFact]
    public void Complete_overlap_of_boxes_given_by_their_centres_equals_the_golden()
    {
        using JsonDocument document = Shared.Json(File);
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("iou");
        (torch.Tensor first, torch.Tensor second) = Boxes(golden);
        torch.Tensor expected = golden.GetProperty("ciou_from_xywh_inputs").Tensor(-1);
        torch.Tensor actual = BoxOverlap.Compute(
            BoxPlanes.FromCentres(ToCentres(first)), BoxPlanes.FromCentres(ToCentres(second)), OverlapKind.Complete, heightEpsilon: 0);
        torch.Tensor regular = expected.isfinite();
        Golden.Close(expected[regular], actual[regular], 1e-5);
    }

    [SkippableFact]
    public void Gradient_of_the_complete_overlap_equals_the_golden()
    {
        using JsonDocument document = Shared.Json(File);
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("iou");
        (torch.Tensor first, torch.Tensor second) = Boxes(golden);
        torch.Tensor moving = second.clone().requires_grad_();
        (1 - BoxOverlap.Compute(BoxPlanes.FromRows(moving), BoxPlanes.FromRows(first), OverlapKind.Complete)).sum().backward();
        torch.Tensor expected = golden.GetProperty("grad_of_sum_1_minus_ciou_box2first_wrt_box2").Tensor(-1, 4);
        // 1e-4 relative to the largest gradient, as the reference's README states.
        Golden.Close(expected, moving.grad!, 1e-4 * expected.abs().max().ToDouble());
    }

    [SkippableFact]
    public void Distribution_focal_loss_and_its_gradient_equal_the_golden()
    {
        using JsonDocument document = Shared.Json(File);
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("dfl");
        torch.Tensor logits = golden.GetProperty("logits").Tensor(8, 4, 16).requires_grad_();
        torch.Tensor log = torch.nn.functional.log_softmax(logits.permute(1, 2, 0), 1);
        torch.Tensor loss = DistributionFocalLoss.Compute(log, golden.GetProperty("target").Tensor(8, 4).t());
        loss.sum().backward();
        Golden.Close(golden.GetProperty("loss_per_row").Tensor(8), loss, 1e-5);
        torch.Tensor gradient = golden.GetProperty("grad_of_sum").Tensor(8, 4, 16);
        Golden.Close(gradient, logits.grad!, 1e-4 * gradient.abs().max().ToDouble());
    }

    [SkippableFact]
    public void Cross_entropy_as_background_minus_correction_equals_the_golden()
    {
        using JsonDocument document = Shared.Json(File);
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("bce_with_logits");
        torch.Tensor logits = golden.GetProperty("logits").Tensor(-1);
        torch.Tensor actual = logits.softplus(1, 20) - (logits * golden.GetProperty("targets").Tensor(-1));
        Golden.Close(golden.GetProperty("loss").Tensor(-1), actual, 1e-5);
    }

    private static (torch.Tensor First, torch.Tensor Second) Boxes(JsonElement golden) =>
        (golden.GetProperty("box1_xyxy").Tensor(-1, 4), golden.GetProperty("box2_xyxy").Tensor(-1, 4));

    private static torch.Tensor ToCentres(torch.Tensor corners)
    {
        torch.Tensor low = corners[.., ..2], high = corners[.., 2..];
        return torch.cat([(low + high) / 2, high - low], 1);
    }
}
