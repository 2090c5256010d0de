using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Segmentation;
using YoloTune.Tasks.Shared;
using YoloTune.Tests.Training;
using YoloTune.Training;

namespace YoloTune.Tests.Segmentation;

public sealed class SegmentationLossTests(ITestOutputHelper output)
{
    private static readonly int[] Strides = [8, 16, 32];
    private static readonly (int Rows, int Columns)[] Grids = [(8, 12), (4, 6), (2, 3)];

    [SkippableTheory]
    [InlineData("classic")]
    [InlineData("classic_no_overlap")]
    [InlineData("classic_proto_upsampled")]
    [InlineData("classic_proto_downsampled")]
    [InlineData("classic_no_objects")]
    [InlineData("classic_many_positives")]
    [InlineData("seg26_one2many")]
    [InlineData("seg26_one2one")]
    [InlineData("seg26_no_overlap")]
    [InlineData("seg26_no_objects")]
    public void Loss_and_gradients_equal_the_golden(string name)
    {
        using JsonDocument document = SegmentGolden.Json("seg_loss.json");
        JsonElement golden = document.RootElement.GetProperty("cases").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = SegmentGolden.Tensors(golden.GetProperty("file").GetString()!);
        bool overlap = golden.GetProperty("overlap_mask").GetBoolean();
        HeadOutput raw = Output(tensors, "pred_");
        using SegmentationLoss loss = new(golden.GetProperty("reg_max").GetInt32(), Strides, null, new AssignerOptions
        {
            TopK = golden.GetProperty("topk").GetInt32(),
            FinalTopK = golden.GetProperty("topk2").ValueKind == JsonValueKind.Null ? null : golden.GetProperty("topk2").GetInt32(),
        }, new MaskOptions(overlap));
        LossValues result = loss.Compute(raw, TargetsOf(tensors, overlap));
        result.Total.backward();

        double[] expected = golden.GetProperty("loss_items_box_seg_cls_dfl_sem").Doubles();
        for (int part = 0; part < expected.Length; part++)
        {
            output.WriteLine($"{name} {SegmentationLoss.PartNames[part]}: {result.Items[part].ToDouble():g8}, golden {expected[part]:g8}");
            Golden.Near(expected[part], result.Items[part].ToDouble(), 1e-4, SegmentationLoss.PartNames[part]); // README
        }
        Golden.Near(golden.GetProperty("total_backward").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        CloseGradients(tensors, "grad_", raw);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void End_to_end_loss_equals_the_golden(int step)
    {
        using JsonDocument document = SegmentGolden.Json("seg_loss.json");
        JsonElement golden = document.RootElement.GetProperty("two_branch"), expected = golden.GetProperty("steps")[step];
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = SegmentGolden.Tensors(golden.GetProperty("file").GetString()!);
        HeadOutput many = Output(tensors, "many_"), one = Output(tensors, "one_");
        using ICriterion loss = SegmentationTask.CreateCriterion(
            1, Strides, endToEnd: true, golden.GetProperty("epochs").GetInt32(), null, new());
        loss.SetFinishedEpochs(expected.GetProperty("updates").GetInt32());
        LossValues result = loss.Compute(
            new NetworkOutput { OneToMany = many, OneToOne = one },
            new ImageBatch { Images = torch.zeros(1), Targets = TargetsOf(tensors, true) });
        result.Total.backward();
        Golden.Near(expected.GetProperty("total").GetDouble(), result.Total.ToDouble(), 1e-4, "total");
        double[] items = expected.GetProperty("reported_items").Doubles();
        for (int part = 0; part < items.Length; part++)
            Golden.Near(items[part], result.Items[part].ToDouble(), 1e-4, SegmentationLoss.PartNames[part]);
        if (step > 0) return;
        CloseGradients(tensors, "grad_many_", many);
        CloseGradients(tensors, "grad_one_", one);
    }

    [SkippableFact]
    public void Loss_leaves_no_tensor_behind()
    {
        using SegmentationLoss loss = new(16, Strides);
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = SegmentGolden.Tensors("seg_loss_classic.safetensors");
        HeadOutput raw = Output(tensors, "pred_");
        Targets targets = TargetsOf(tensors, true);
        long[] live = new long[2];
        for (int round = 0; round < 2; round++)
        {
            LossValues values = loss.Compute(raw, targets);
            values.Total.Dispose();
            values.Items.Dispose();
            live[round] = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.Equal(live[0], live[1]);
    }

    private static HeadOutput Output(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix)
    {
        torch.Tensor? Leaf(string name) =>
            tensors.TryGetValue(prefix + name, out torch.Tensor? tensor) ? tensor.clone().detach().requires_grad_() : null;
        return new HeadOutput
        {
            Boxes = Leaf("boxes")!,
            Scores = Leaf("scores")!,
            MaskCoefficients = Leaf("mask_coefficient"),
            Prototypes = Leaf("proto"),
            SemanticMap = Leaf("sem"),
            Grids = Grids,
        };
    }

    private static void CloseGradients(IReadOnlyDictionary<string, torch.Tensor> tensors, string prefix, HeadOutput raw)
    {
        (string Name, torch.Tensor? Tensor)[] outputs =
        [
            ("boxes", raw.Boxes), ("scores", raw.Scores), ("mask_coefficient", raw.MaskCoefficients), ("proto", raw.Prototypes),
            ("sem", raw.SemanticMap),
        ];
        foreach ((string name, torch.Tensor? tensor) in outputs)
        {
            if (!tensors.TryGetValue(prefix + name, out torch.Tensor? expected)) continue;
            // 1e-4 relative to the largest entry, as the README states.
            Golden.Close(expected, tensor!.grad!, 1e-4 * expected.abs().max().ToDouble(), "gradient of " + name);
        }
    }

    internal static Targets TargetsOf(IReadOnlyDictionary<string, torch.Tensor> tensors, bool overlap, string prefix = "target_")
    {
        torch.Tensor masks = tensors[prefix + "masks"], semantic = tensors[prefix + "sem_masks"].to(torch.int16);
        torch.Tensor image = tensors[prefix + "batch_idx"];
        // Ours has no class where no object lies. The reference teaches background images class 0 when masks do not overlap.
        torch.Tensor nothing = masks == 0;
        if (!overlap)
        {
            nothing = torch.zeros_like(semantic, torch.@bool);
            for (long i = 0; i < semantic.size(0); i++)
            {
                torch.Tensor own = (image == i).nonzero().view(-1);
                if (own.size(0) > 0) nothing[i] = masks.index_select(0, own).sum(0, type: torch.float32) == 0;
            }
        }
        return new Targets
        {
            ImageIndex = image,
            Classes = tensors[prefix + "cls"],
            Boxes = tensors[prefix + "bboxes"],
            Parts = new Dictionary<string, torch.Tensor>
            {
                [MaskLabels.Masks] = masks.to(overlap ? torch.int16 : torch.uint8),
                [MaskLabels.Semantic] = semantic.masked_fill(nothing, -1),
            },
        };
    }
}
