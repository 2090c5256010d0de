using TorchSharp;
using Xunit;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

/// <summary>What runs on a graphics card before suppression, on the processor.</summary>
public sealed class FilteredSuppressionTests
{
    private const int Images = 3, ClassCount = 5, Extra = 2, Anchors = 700;

    public static TheoryData<double, bool, bool, int[]?, torch.ScalarType> Cases => new()
    {
        { 0.25, false, false, null, torch.ScalarType.Float32 },
        { 0.001, true, false, null, torch.ScalarType.Float32 },
        { 0.5, true, true, null, torch.ScalarType.Float32 },
        { 0.3, true, false, [1, 3], torch.ScalarType.Float32 },
        { 0, true, false, null, torch.ScalarType.Float32 },
        { 1, true, false, null, torch.ScalarType.Float32 },
        { 0.25, true, false, null, torch.ScalarType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Anchors_left_out_on_the_device_change_nothing(
        double confidence, bool multiLabel, bool agnostic, int[]? classes, torch.ScalarType type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using torch.Generator generator = new(seed: 3);
        torch.Tensor predictions = torch.rand([Images, 4 + ClassCount + Extra, Anchors], generator: generator);
        predictions.narrow(1, 0, 4).mul_(200);
        // Equal scores, one image without any, and a score that is no number.
        predictions.narrow(1, 4, ClassCount).mul_(50).round_().div_(50);
        predictions.narrow(0, 1, 1).narrow(1, 4, ClassCount).zero_();
        predictions[0, 5, 17] = float.NaN;
        predictions = predictions.to(type);
        NmsOptions options = new()
        {
            Confidence = confidence, MultiLabel = multiLabel, Agnostic = agnostic, Classes = classes, MaxCandidates = 900,
                MaxDetections = 50,
        };
        Detections[] expected = NonMaxSuppression.Run(predictions, ClassCount, options);
        Detections[] found = NonMaxSuppression.RunFiltered(predictions, ClassCount, options);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i].Rows.ToArray(), found[i].Rows.ToArray());
            Assert.Equal(expected[i].Anchors.ToArray(), found[i].Anchors.ToArray());
        }
        if (confidence == 0.25) Assert.True(found[0].Count > 0);
    }
}
