using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

public sealed class NonMaxSuppressionTests
{
    public static TheoryData<string> GoldenCases =>
    [
        "predict_default", "val_multilabel", "iou45", "agnostic", "agnostic_iou45_multilabel", "classes_1_3", "max_det_10", "max_nms_50",
        "conf_0.9", "conf_0.999", "single_class_multilabel", "nc2_with_2_extra_columns", "end2end.conf25",
        "end2end.conf25_maxdet5_classes_1",
    ];

    [SkippableTheory]
    [MemberData(nameof(GoldenCases))]
    public void Kept_rows_and_anchors_equal_the_golden(string name)
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "nms.json");
        var tensors = Shared.Tensors(EvaluationGoldens.Folder + "nms.safetensors");
        JsonElement settings = golden.RootElement.GetProperty("cases").EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == name).GetProperty("settings");
        NmsOptions options = OptionsOf(settings);
        Detections[] found;
        if (settings.TryGetProperty("end2end", out _)) found = EndToEndDetections.FromRows(tensors["end2end.prediction"], options);
        else
        {
            torch.Tensor prediction = tensors["prediction"];
            // The one-class case is the same tensor without the scores of the other classes.
            if (name == "single_class_multilabel") prediction = prediction.narrow(1, 0, 5);
            int classes = settings.TryGetProperty("nc", out JsonElement nc) ? nc.GetInt32() : (int)prediction.shape[1] - 4;
            found = NonMaxSuppression.Run(prediction, classes, options);
        }

        for (int i = 0; i < 2; i++)
        {
            float[] expected = MemoryMarshal.Cast<byte, float>(tensors[$"{name}.img{i}.rows"].bytes).ToArray();
            Assert.Equal(expected.Length, found[i].Rows.Length);
            // The golden's stated tolerance: rows 1e-4, in pixels and in score.
            for (int v = 0; v < expected.Length; v++) Assert.Equal(expected[v], found[i].Rows[v], 1e-4f);
            if (!tensors.TryGetValue($"{name}.img{i}.anchor_index", out torch.Tensor? anchors)) continue;
            Assert.Equal(MemoryMarshal.Cast<byte, long>(anchors.bytes).ToArray(), found[i].Anchors.ToArray().Select(a => (long)a));
        }
    }

    [SkippableFact]
    public void A_box_overlapping_by_exactly_the_threshold_stays_as_in_the_golden()
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "nms.json");
        foreach (JsonElement boundary in golden.RootElement.GetProperty("boundary").EnumerateArray())
        {
            float[] boxes = boundary.GetProperty("boxes").FlatFloats(), scores = boundary.GetProperty("scores").Floats();
            using torch.Tensor prediction = Prediction([.. scores.Select((s, i) => (boxes[i * 4], boxes[(i * 4) + 1],
                boxes[(i * 4) + 2], boxes[(i * 4) + 3], new[] { s }))]);
            NmsOptions options = new() { IoU = boundary.GetProperty("iou_thr").GetDouble() };
            Assert.Equal(
                boundary.GetProperty("kept_indices_compiled").Ints(), NonMaxSuppression.Run(prediction, 1, options)[0].Anchors.ToArray());
        }
    }

    [Fact]
    public void Nothing_above_the_confidence_gives_no_detection()
    {
        using torch.Tensor prediction = Prediction([(0, 0, 10, 10, [0.25f])]);
        Assert.Equal(0, NonMaxSuppression.Run(prediction, 1, new NmsOptions { Confidence = 0.25 })[0].Count);
    }

    [Fact]
    public void No_anchor_and_no_image_give_no_detection()
    {
        using torch.Tensor noAnchor = torch.zeros(2, 6, 0), noImage = torch.zeros(0, 6, 5);
        Assert.All(NonMaxSuppression.Run(noAnchor, 2, new NmsOptions()), d => Assert.Equal(0, d.Count));
        Assert.Empty(NonMaxSuppression.Run(noImage, 2, new NmsOptions()));
    }

    [Fact]
    public void Scores_that_are_not_numbers_are_dropped()
    {
        using torch.Tensor prediction = Prediction([(0, 0, 10, 10, [float.NaN]), (20, 20, 30, 30, [0.9f])]);
        Assert.Equal([1], NonMaxSuppression.Run(prediction, 1, new NmsOptions())[0].Anchors.ToArray());
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_anchors()
    {
        using torch.Tensor prediction = Prediction(
            [(0, 0, 10, 10, [0.5f, 0.5f]), (100, 0, 110, 10, [0.5f, 0f]), (200, 0, 210, 10, [0.5f, 0.6f])]);
        Detections found = NonMaxSuppression.Run(prediction, 2, new NmsOptions { MultiLabel = true })[0];
        Assert.Equal([2, 0, 0, 1, 2], found.Anchors.ToArray());
        Assert.Equal([1, 0, 1, 0, 0], Enumerable.Range(0, found.Count).Select(found.ClassId));
    }

    [Fact]
    public void Boxes_of_different_classes_suppress_each_other_only_when_agnostic()
    {
        using torch.Tensor prediction = Prediction([(0, 0, 10, 10, [0.9f, 0f]), (0, 0, 10, 10, [0f, 0.8f])]);
        Assert.Equal(2, NonMaxSuppression.Run(prediction, 2, new NmsOptions())[0].Count);
        Assert.Equal(1, NonMaxSuppression.Run(prediction, 2, new NmsOptions { Agnostic = true })[0].Count);
    }

    [Fact]
    public void Bfloat16_and_strided_predictions_are_read_too()
    {
        using torch.Tensor prediction = Prediction([(0, 0, 16, 16, [0.5f]), (32, 32, 64, 64, [0.75f])]);
        using torch.Tensor strided = prediction.permute(0, 2, 1).contiguous().permute(0, 2, 1).to(torch.bfloat16);
        Detections found = NonMaxSuppression.Run(strided, 1, new NmsOptions())[0];
        Assert.Equal([32f, 32f, 64f, 64f, 0.75f, 0f, 0f, 0f, 16f, 16f, 0.5f, 0f], found.Rows.ToArray());
    }

    [Fact]
    public void An_image_full_of_candidates_of_an_untrained_model_is_finished_too()
    {
        using torch.Generator random = new(3);
        using torch.Tensor prediction = torch.rand([1, 84, 8400], generator: random);
        using torch.Tensor boxes = prediction.narrow(1, 0, 4).mul_(500);
        NmsOptions options = new() { Confidence = NmsOptions.EvaluationConfidence, MultiLabel = true };
        Detections found = NonMaxSuppression.Run(prediction, 80, options)[0];
        Assert.Equal(options.MaxDetections, found.Count);
        for (int i = 1; i < found.Count; i++) Assert.True(found.Confidence(i - 1) >= found.Confidence(i));
    }

    [Fact]
    public void A_shape_that_does_not_fit_the_classes_is_refused()
    {
        using torch.Tensor prediction = torch.zeros(1, 6, 10);
        Assert.Throws<ArgumentException>(() => NonMaxSuppression.Run(prediction, 3, new NmsOptions()));
    }

    [Fact]
    public void End_to_end_predictions_are_ranked_and_not_suppressed()
    {
        // Three anchors on one spot and a second class of the first: all stay, best first.
        float[] values = [.. Corners(0, 0, 10, 10), .. Corners(0, 0, 10, 10), .. Corners(0, 0, 10, 10)];
        using torch.Tensor boxes = torch.tensor(values).reshape(3, 4).t();
        using torch.Tensor scores = torch.tensor([0.5f, 0.9f, 0.1f, 0.6f, 0.0f, 0.0f]).reshape(2, 3);
        using torch.Tensor prediction = torch.cat([boxes, scores]).unsqueeze(0);
        Detections found = EndToEndDetections.FromAnchors(prediction, 2, new NmsOptions { Confidence = 0.25 })[0];
        Assert.Equal([0.9f, 0.6f, 0.5f], Enumerable.Range(0, found.Count).Select(found.Confidence));
        Assert.Equal([0, 1, 0], Enumerable.Range(0, found.Count).Select(found.ClassId));
        Assert.Equal([0f, 0f, 10f, 10f], found.Box(2).ToArray());
    }

    [Fact]
    public void End_to_end_selection_equals_the_two_step_top_k_of_the_reference()
    {
        using torch.Generator random = new(5);
        using IDisposable scope = torch.NewDisposeScope();
        torch.Tensor prediction = torch.rand([1, 4 + 3, 500], generator: random);
        Detections found = EndToEndDetections.FromAnchors(prediction, 3, new NmsOptions { Confidence = 0, MaxDetections = 40 })[0];

        torch.Tensor scores = prediction[0].narrow(0, 4, 3).t();
        torch.Tensor anchors = scores.amax([1]).topk(40).indexes;
        torch.Tensor best = scores.index_select(0, anchors).flatten().topk(40).values;
        Assert.Equal(best.data<float>().ToArray(), Enumerable.Range(0, found.Count).Select(found.Confidence));
    }

    private static float[] Corners(float x1, float y1, float x2, float y2) => [x1, y1, x2, y2];

    private static torch.Tensor Prediction((float X1, float Y1, float X2, float Y2, float[] Scores)[] anchors)
    {
        int channels = 4 + anchors[0].Scores.Length;
        float[] values = [.. anchors.SelectMany(a => (float[])
            [(a.X1 + a.X2) / 2, (a.Y1 + a.Y2) / 2, a.X2 - a.X1, a.Y2 - a.Y1, .. a.Scores])];
        return torch.tensor(values).reshape(anchors.Length, channels).t().contiguous().unsqueeze(0);
    }

    private static NmsOptions OptionsOf(JsonElement settings)
    {
        NmsOptions options = new();
        foreach (JsonProperty setting in settings.EnumerateObject())
        {
            options = setting.Name switch
            {
                "conf_thres" => options with { Confidence = setting.Value.GetDouble() },
                "iou_thres" => options with { IoU = setting.Value.GetDouble() },
                "multi_label" => options with { MultiLabel = setting.Value.GetBoolean() },
                "agnostic" => options with { Agnostic = setting.Value.GetBoolean() },
                "classes" => options with { Classes = setting.Value.Ints() },
                "max_det" => options with { MaxDetections = setting.Value.GetInt32() },
                "max_nms" => options with { MaxCandidates = setting.Value.GetInt32() },
                _ => options,
            };
        }
        return options;
    }
}
