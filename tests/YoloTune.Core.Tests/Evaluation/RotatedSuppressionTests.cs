using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Evaluation;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Shared;
using YoloTune.Tests.Training;

namespace YoloTune.Tests.Evaluation;

public sealed class RotatedSuppressionTests
{
    private const string Folder = "reference/tasks/obb/goldens/";

    public static TheoryData<string> Cases =>
    [
        "c0.01_i0.1", "c0.01_i0.3", "c0.01_i0.5", "c0.01_i0.7", "c0.01_i0.9", "c0.01_i1.0", "c0.25_i0.1", "c0.25_i0.3", "c0.25_i0.5",
        "c0.25_i0.7", "c0.25_i0.9", "c0.25_i1.0", "best_class", "agnostic", "classes", "max_det_10", "max_nms_40", "chain_equal",
        "chain_above", "chain_low", "e2e", "e2e_classes",
    ];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Kept_rows_and_anchors_equal_the_golden(string name)
    {
        using JsonDocument document = Shared.Json(Folder + "nms.json");
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + "nms.safetensors");
        JsonElement golden = document.RootElement.GetProperty("cases").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        int classes = document.RootElement.GetProperty("nc").GetInt32();
        NmsOptions options = Options(golden.GetProperty("settings"));
        bool chain = name.StartsWith("chain", StringComparison.Ordinal);
        Detections[] found = name.StartsWith("e2e", StringComparison.Ordinal)
            ? EndToEndDetections.FromRows(tensors["end2end.pred"], options)
            : RotatedSuppression.Run(tensors[chain ? "chain.pred" : "pred"], classes, options);
        int[] counts = [.. golden.GetProperty("counts").EnumerateArray().Select(item => item.GetInt32())];
        Assert.Equal(counts, found.Select(detections => detections.Count));
        for (int image = 0; image < counts.Length; image++)
        {
            if (golden.TryGetProperty("anchor_index", out JsonElement anchors) && anchors[image].ValueKind == JsonValueKind.Array)
                Assert.Equal(anchors[image].EnumerateArray().Select(item => item.GetInt32()), found[image].Anchors.ToArray());
            if (!tensors.TryGetValue($"{name}.rows.{image}", out torch.Tensor? rows)) continue;
            Assert.Equal([.. rows.data<float>()], found[image].Rows.ToArray());
        }
    }

    [SkippableFact]
    public void On_a_device_the_same_boxes_stay()
    {
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors(Folder + "nms.safetensors");
        NmsOptions options = new() { Confidence = 0.01, MultiLabel = true };
        Detections[] all = RotatedSuppression.Run(tensors["pred"], 3, options);
        Detections[] filtered = NonMaxSuppression.RunFiltered(tensors["pred"], 3, options, RotatedSuppression.RunImage);
        Assert.Equal(all.Select(image => image.Rows.ToArray()), filtered.Select(image => image.Rows.ToArray()));
        Assert.Equal(all.Select(image => image.Anchors.ToArray()), filtered.Select(image => image.Anchors.ToArray()));
    }

    /// <summary>The reference removes every box with a threshold of 0, even one that stands alone.</summary>
    [Fact]
    public void With_a_threshold_of_0_boxes_that_touch_no_better_one_stay()
    {
        using torch.Tensor prediction = torch.tensor(new float[]
        {
            50, 52, 500, 50, 52, 500, 20, 20, 20, 10, 10, 10, 0.9f, 0.8f, 0.7f, 0.1f, 0.1f, 0.1f,
        }).view(1, 6, 3);
        Detections found = RotatedSuppression.Run(prediction, 1, new NmsOptions { IoU = 0, Confidence = 0.25 })[0];
        Assert.Equal([0, 2], found.Anchors.ToArray());
    }

    [Fact]
    public void An_image_full_of_candidates_of_an_untrained_model_is_finished_too()
    {
        using torch.Generator random = new(3);
        using torch.Tensor prediction = torch.rand([1, 4 + 15 + 1, 8400], generator: random);
        using torch.Tensor boxes = prediction.narrow(1, 0, 4).mul_(500);
        Detections found = RotatedSuppression.Run(prediction, 15, new NmsOptions { Confidence = 0.01, MultiLabel = true })[0];
        Assert.InRange(found.Count, 1, 300);
    }

    private static NmsOptions Options(JsonElement settings) => new()
    {
        Confidence = settings.GetProperty("conf_thres").GetDouble(),
        IoU = settings.TryGetProperty("iou_thres", out JsonElement iou) ? iou.GetDouble() : NmsOptions.DefaultIoU,
        MultiLabel = settings.TryGetProperty("multi_label", out JsonElement multi) && multi.GetBoolean(),
        Agnostic = settings.TryGetProperty("agnostic", out JsonElement agnostic) && agnostic.GetBoolean(),
        Classes = settings.TryGetProperty("classes", out JsonElement classes)
            ? [.. classes.EnumerateArray().Select(c => c.GetInt32())]
            : null,
        MaxDetections = settings.TryGetProperty("max_det", out JsonElement most) ? most.GetInt32() : NmsOptions.DefaultMaxDetections,
        MaxCandidates = settings.TryGetProperty("max_nms", out JsonElement candidates) ? candidates.GetInt32() : 30_000,
    };
}
