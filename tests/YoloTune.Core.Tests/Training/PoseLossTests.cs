using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using YoloTune.Tasks.Pose;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tests.Training;

public sealed class PoseLossTests(ITestOutputHelper log)
{
    private const string Folder = "reference/tasks/pose/goldens/";
    private static readonly int[] Strides = [8, 16, 32];
    private static readonly (int Rows, int Columns)[] Grids = [(8, 12), (4, 6), (2, 3)];

    [SkippableTheory]
    [InlineData("classic_17x3", false)]
    [InlineData("classic_17x3", true)]
    [InlineData("classic_4x2", false)]
    [InlineData("classic_5x3", false)]
    [InlineData("classic_17x2", false)]
    [InlineData("classic_no_visible", false)]
    [InlineData("classic_no_objects", false)]
    [InlineData("pose26_one2many_17x3", false)]
    [InlineData("pose26_one2many_17x3", true)]
    [InlineData("pose26_one2one_5x3", false)]
    [InlineData("pose26_one2many_4x2", false)]
    [InlineData("pose26_no_sigma_5x3", false)]
    [InlineData("pose26_rle_clamped_5x3", false)]
    [InlineData("pose26_no_visible_5x3", false)]
    [InlineData("pose26_rle_negative_5x3", false)]
    public void Loss_and_gradients_equal_the_golden(string name, bool anchorsFirst)
    {
        using JsonDocument document = Shared.Json(Folder + "pose_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("cases").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + golden.GetProperty("file").GetString());
        using RealNVP flow = Flow();
        HeadOutput output = Output(tensors, "pred_", anchorsFirst);
        using PoseLoss loss = new(Head(golden.GetProperty("kpt_shape"), name.StartsWith("pose26", StringComparison.Ordinal) ? flow : null),
            golden.GetProperty("reg_max").GetInt32(), Strides, options: Assigner(golden));
        LossValues result = loss.Compute(
            output, tensors["target_batch_idx"], tensors["target_cls"], tensors["target_bboxes"], tensors["target_keypoints"]);
        result.Total.backward();

        // 1e-4 relative, as the reference's README states; gradients relative to their largest entry, those of the flow 1e-3.
        double[] expected = golden.GetProperty("items").Doubles();
        Assert.Equal(golden.GetProperty("item_order").EnumerateArray().Select(item => item.GetString()!), loss.Names);
        Assert.Equal(expected.Length, result.Items.size(0));
        for (int part = 0; part < expected.Length; part++)
            Golden.Near(expected[part], result.Items[part].ToDouble(), 1e-4, loss.Names[part]);
        Golden.Near(golden.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        CloseGradients(tensors, "grad_", output);
        CloseFlow(tensors, flow);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Both_branches_equal_the_golden(int step)
    {
        using JsonDocument document = Shared.Json(Folder + "pose_loss.json");
        using DisposeScope scope = torch.NewDisposeScope();
        JsonElement golden = document.RootElement.GetProperty("two_branch"), expected = golden.GetProperty("steps")[step];
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + golden.GetProperty("file").GetString());
        using RealNVP flow = Flow();
        HeadOutput many = Output(tensors, "many_"), one = Output(tensors, "one_");
        KeypointHead head = Head(golden.GetProperty("kpt_shape"), flow);
        using EndToEndLoss loss = new(
            new PoseLoss(head, 1, Strides), new PoseLoss(head, 1, Strides, options: AssignerOptions.OneToOne),
            golden.GetProperty("epochs").GetInt32());
        loss.SetFinishedEpochs(expected.GetProperty("updates").GetInt32());
        LossValues result = loss.Compute(many, one, Targets(tensors));
        result.Total.backward();
        double[] items = expected.GetProperty("reported_items").Doubles();
        for (int part = 0; part < items.Length; part++) Golden.Near(items[part], result.Items[part].ToDouble(), 1e-4, loss.Names[part]);
        Golden.Near(expected.GetProperty("total").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        if (step > 0) return;
        CloseGradients(tensors, "grad_many_", many);
        CloseGradients(tensors, "grad_one_", one);
        CloseFlow(tensors, flow);
    }

    private static Targets Targets(IReadOnlyDictionary<string, torch.Tensor> tensors) => new()
    {
        ImageIndex = tensors["target_batch_idx"],
        Classes = tensors["target_cls"],
        Boxes = tensors["target_bboxes"],
        Parts = new Dictionary<string, torch.Tensor> { [PoseLoss.KeypointsPart] = tensors["target_keypoints"] },
    };

    private static KeypointHead Head(JsonElement shape, RealNVP? flow) => flow is null
        ? KeypointHead.Classic(shape[0].GetInt32(), shape[1].GetInt32())
        : KeypointHead.WithFlow(shape[0].GetInt32(), shape[1].GetInt32(), flow);

    private static AssignerOptions Assigner(JsonElement golden) =>
        golden.GetProperty("topk2").GetInt32() == 1 ? AssignerOptions.OneToOne : AssignerOptions.OneToMany;

    private static HeadOutput Output(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix, bool anchorsFirst = false) => new()
    {
        Boxes = Layout(tensors[prefix + "boxes"], anchorsFirst),
        Scores = Layout(tensors[prefix + "scores"], anchorsFirst),
        Keypoints = Layout(tensors[prefix + "kpts"], anchorsFirst),
        KeypointSigmas = tensors.TryGetValue(prefix + "kpts_sigma", out torch.Tensor? sigmas) ? Layout(sigmas, anchorsFirst) : null,
        Grids = Grids,
    };

    private static torch.Tensor Layout(torch.Tensor tensor, bool anchorsFirst) =>
        (anchorsFirst ? tensor.transpose(1, 2).contiguous().transpose(1, 2) : tensor.clone()).detach().requires_grad_();

    private static RealNVP Flow()
    {
        RealNVP flow = new(new BlockSettings());
        IReadOnlyDictionary<string, torch.Tensor> weights = Shared.Tensors(Folder + "pose_loss_flow.safetensors");
        using IDisposable untracked = torch.no_grad();
        foreach ((string name, torch.Tensor value) in flow.state_dict()) value.copy_(weights[name]);
        return flow;
    }

    private void CloseGradients(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix, HeadOutput output)
    {
        CloseGradient(tensors[prefix + "boxes"], output.Boxes, 1e-4, prefix + "boxes");
        CloseGradient(tensors[prefix + "scores"], output.Scores, 1e-4, prefix + "scores");
        CloseGradient(tensors[prefix + "kpts"], output.Keypoints!, 1e-4, prefix + "kpts");
        if (output.KeypointSigmas is { } sigmas) CloseGradient(tensors[prefix + "kpts_sigma"], sigmas, 1e-4, prefix + "kpts_sigma");
    }

    private void CloseFlow(IReadOnlyDictionary<string, torch.Tensor> tensors, RealNVP flow)
    {
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in flow.named_parameters())
        {
            if (tensors.TryGetValue("grad_flow." + name, out torch.Tensor? expected)) CloseGradient(expected, parameter, 1e-3, name);
        }
    }

    private void CloseGradient(torch.Tensor expected, torch.Tensor actual, double tolerance, string what)
    {
        double largest = expected.abs().max().ToDouble();
        torch.Tensor gradient = actual.grad ?? torch.zeros_like(actual);
        double difference = Golden.MaxDifference(expected, gradient);
        log.WriteLine(FormattableString.Invariant($"{what}: {difference / Math.Max(largest, 1e-30):g3}"));
        Assert.True(difference <= tolerance * largest, $"the gradient of {what} differs by {difference:g4} of {largest:g4}.");
    }
}
