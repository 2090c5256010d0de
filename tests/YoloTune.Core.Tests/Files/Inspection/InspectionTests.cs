using TorchSharp;
using Xunit;
using YoloTune.Files.Inspection;
using YoloTune.Files.Ultralytics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Files.Inspection;

/// <summary>The published ways round a scanner are seen, and nothing is said against files as torch.save and YoloTune write them.</summary>
public sealed class InspectionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Hidden()
    {
        TheoryData<string, string> names = [];
        foreach (HidingPlaces.Sample sample in HidingPlaces.All) names.Add(sample.Name, sample.Extension);
        return names;
    }

    public static TheoryData<string> Good() => [.. GoodFiles.TorchSaves().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void A_published_way_round_a_scanner_is_seen(string name, string extension)
    {
        HidingPlaces.Sample sample = HidingPlaces.All.Single(sample => sample.Name == name && sample.Extension == extension);
        CheckpointReport report = CheckpointInspector.Inspect(folder.File("hidden" + extension, sample.Content));
        string said =
            string.Join("\n", report.Findings.Select(finding => $"{finding.Verdict} {finding.Kind} {finding.Position}: {finding.Reason}"));
        Assert.True(report.Verdict == sample.Verdict, $"{report.Verdict} and not {sample.Verdict}: {report.Problem}\n{said}");
        Assert.True(sample.Kind is null || report.Findings.Any(finding => finding.Kind == sample.Kind), $"no {sample.Kind} among:\n{said}");
        Assert.All(report.Findings, finding => Assert.EndsWith(".", finding.Reason));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_file_of_torch_save_is_safe(string name) =>
        AssertSafe(folder.File("good.pt", GoodFiles.TorchSaves().Single(file => file.Name == name).Content));

    [SkippableTheory]
    [InlineData("data/weights/yolo11n.pt", "detect", 80, "yolo11n")]
    [InlineData("data/weights/yolov5n.pt", "detect", 80, null)]
    [InlineData("reference/models/ckpt/handwritten_full_v3tiny.pt", "detect", null, null)]
    [InlineData("reference/models/ckpt/handwritten_minimal_v3tiny.pt", "detect", null, null)]
    [InlineData("cases/fused-checkpoint/fused.pt", "detect", null, null)]
    [InlineData("cases/legacy-whole-model/legacy_p4.pt", null, 0, null)]
    public void A_checkpoint_of_another_program_is_safe_and_says_what_it_is(string path, string? task, int? classes, string? architecture)
    {
        CheckpointReport report = AssertSafe(Shared.Path(path));
        Assert.Equal(task, report.Task);
        Assert.True(classes is null ? report.ClassNames.Count > 0 : report.ClassNames.Count == classes);
        if (architecture is not null) Assert.Equal(architecture, report.Architecture);
    }

    [SkippableFact]
    public void Reference_files_of_other_programs_are_safe()
    {
        foreach (string path in Directory.EnumerateFiles(Shared.Path("reference"), "*.safetensors", SearchOption.AllDirectories))
            AssertSafe(path);
    }

    public static TheoryData<string> Families() =>
        [.. ModelCatalog.Entries.Where(entry => entry.Scale is "n" or "t" || entry.Name == "yolov3-tiny").Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void What_we_export_is_safe_in_every_format(string architecture)
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load(architecture), ["one", "two"]);
        string pt = folder.File("m.pt"), state = folder.File("s.pt"), tensors = folder.File("t.safetensors");
        ModelExporter.WritePt(model, pt);
        ModelExporter.WriteStateDict(model, state);
        ModelExporter.WriteSafeTensors(model, tensors);
        foreach (string path in (string[])[pt, state, tensors])
        {
            CheckpointReport report = AssertSafe(path);
            Assert.Equal((0L, model.Name, model.Task.ReferenceName), (report.UncheckedBytes, report.Architecture, report.Task));
            Assert.Equal(["one", "two"], report.ClassNames);
        }
    }

    [Fact]
    public void An_onnx_file_says_what_it_is()
    {
        using YoloModel model = TinyRun.Model();
        YoloTune.Export.OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 64 });
        CheckpointReport report = AssertSafe(folder.File("m.onnx"));
        Assert.Equal(("detect", 64), (report.Task, report.ImageSize));
        Assert.Equal(model.ClassNames, report.ClassNames);
        Assert.Equal(report.Length, report.UncheckedBytes);
    }

    [Fact]
    public void A_row_of_thousands_of_pickles_costs_little()
    {
        byte[] row = HidingPlaces.Row(9_000);
        Inspect("warm.pkl", row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Inspect("row.pkl", row);
        // A kilobyte or two for each pickle's reader; a buffer for each would be a hundred times that.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 48L << 20);
    }

    [Fact]
    public void What_no_checksum_covers_is_told()
    {
        Assert.Equal(0, Inspect("a.pt", HidingPlaces.Torch().ToArray()).UncheckedBytes);
        Assert.Equal(HidingPlaces.State.Length, Inspect("b.pt", HidingPlaces.State).UncheckedBytes);
        Assert.Equal(GoodFiles.Legacy().Length, Inspect("c.pt", GoodFiles.Legacy()).UncheckedBytes);
    }

    [Fact]
    public void The_formats_before_torch_1_6_are_called_by_their_names()
    {
        Assert.Equal(CheckpointFormat.TorchLegacy, Inspect("a.pt", GoodFiles.Legacy()).Format);
        Assert.Equal(CheckpointFormat.TorchTar, Inspect("b.pt", GoodFiles.Tar(HidingPlaces.Payload)).Format);
        Assert.Contains("7z", Inspect("c.pt", [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, 0, 4]).Problem);
    }

    private CheckpointReport Inspect(string name, byte[] content) => CheckpointInspector.Inspect(folder.File(name, content));

    private static CheckpointReport AssertSafe(string path)
    {
        CheckpointReport report = CheckpointInspector.Inspect(path);
        string said = string.Join("\n", report.Findings.Take(20).Select(finding => $"{finding.Kind} {finding.Position}: {finding.Reason}"));
        Assert.True(report.Verdict == CheckpointVerdict.Safe, $"{path} is {report.Verdict}: {report.Problem}\n{said}");
        return report;
    }
}
