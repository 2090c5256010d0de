using TorchSharp;
using Xunit;
using YoloTune.Export;
using YoloTune.Models;
using YoloTune.Networks.Heads;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Export;

/// <summary>What we export computes in ONNX Runtime what our network computes.</summary>
public sealed class OnnxParityTests : IDisposable
{
    // Relative to the largest value of the row of the output: float32 sums in another order, through up to a hundred layers.
    private const double Tolerance = 1e-3;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Detectors => ["yolov3-tiny", "yolov5n", "yolov6n", "yolov8n", "yolov9t", "yolo11n", "yolo12n"];

    public static TheoryData<string> EndToEnd => ["yolov10n", "yolo26n", "yolo26n-seg", "yolo26n-pose", "yolo26n-obb"];

    public static TheoryData<string> Tasks => ["yolo11n-seg", "yolo11n-pose", "yolo11n-obb", "yolo11n-cls", "yolov8n-seg", "yolov8n-pose"];

    [Theory]
    [MemberData(nameof(Detectors))]
    [MemberData(nameof(Tasks))]
    public void A_fixed_file_gives_the_same_numbers(string architecture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = ExportModels.Lively(architecture);
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 96 });
        AssertEqual(model, ExportModels.Images(1, 64, 96));
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    [MemberData(nameof(Tasks))]
    public void A_dynamic_file_gives_the_same_numbers_for_every_size(string architecture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = ExportModels.Lively(architecture);
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Dynamic = true });
        AssertEqual(model, ExportModels.Images(1, 64, 64));
        AssertEqual(model, ExportModels.Images(2, 128, 96));
    }

    [Theory]
    [MemberData(nameof(EndToEnd))]
    public void An_end_to_end_file_gives_the_same_rows(string architecture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = ExportModels.Lively(architecture);
        foreach (bool dynamic in (bool[])[false, true])
        {
            OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 128, Width = 128, Dynamic = dynamic });
            AssertRowsEqual(model, ExportModels.Images(1, 128, 128), 300);
        }
        // Fewer anchors than rows: all of them come.
        AssertRowsEqual(model, ExportModels.Images(2, 64, 96), 126);
    }

    private void AssertEqual(YoloModel model, torch.Tensor images)
    {
        using IDisposable untracked = torch.no_grad();
        NetworkOutput output = model.Network.call(images);
        AssertInformative(model, output, images);
        var found = OnnxRun.Outputs(folder.File("m.onnx"), images);
        AssertClose(model.Network.Decode(output), found[OnnxExporter.OutputName]);
        if (output.OneToMany?.Prototypes is { } masks) AssertClose(masks, found[OnnxExporter.PrototypeName]);
    }

    private void AssertRowsEqual(YoloModel model, torch.Tensor images, int count)
    {
        using IDisposable untracked = torch.no_grad();
        torch.Tensor decoded = model.Network.Decode(model.Network.call(images)).transpose(1, 2);
        torch.Tensor expected = EndToEndSelection.Select(decoded, model.ClassCount);
        torch.Tensor found = OnnxRun.Outputs(folder.File("m.onnx"), images)[OnnxExporter.OutputName];
        Assert.Equal([images.shape[0], count, expected.shape[2]], found.shape);

        // Rows whose scores differ by less than the rounding may change places: scores are compared in order, rows as sets.
        AssertClose(expected.select(2, 4), found.select(2, 4));
        for (int image = 0; image < images.shape[0]; image++)
        {
            // Which of two rows with all but the last score comes in is decided by the rounding as well.
            torch.Tensor sure = expected[image].select(1, 4) > (expected[image].select(1, 4)[-1] + 1e-5);
            torch.Tensor largest = expected[image].abs().amax([0], true).clamp_min(1);
            (torch.Tensor wanted, torch.Tensor got) = ((expected[image] / largest)[sure], found[image] / largest);
            Assert.True(wanted.shape[0] > count / 2, $"only {wanted.shape[0]} of {count} scores are apart from the last, "
                + $"{expected[image][0, 4].item<float>()} to {expected[image][count - 1, 4].item<float>()}");
            double worst = torch.cdist(wanted, got, double.PositiveInfinity).min(1).values.max().item<float>();
            Assert.True(worst < Tolerance, $"the worst row is {worst} away");
        }
    }

    /// <summary>Other images give other numbers, by far more than the tolerance: equal numbers mean something.</summary>
    private static void AssertInformative(YoloModel model, NetworkOutput output, torch.Tensor images)
    {
        torch.Tensor expected = model.Network.Decode(output);
        torch.Tensor other = model.Network.Decode(model.Network.call(images.flip(3)));
        double change = ((expected - other).abs() / expected.abs().amax([-1], true)).max().item<float>();
        Assert.True(change > 20 * Tolerance, $"another image changes the numbers by {change} only");
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        torch.Tensor scale = expected.abs().amax([-1], true).clamp_min(1e-2);
        double worst = ((expected - found).abs() / scale).max().item<float>();
        Assert.True(worst < Tolerance, $"the largest relative difference is {worst}");
    }
}
