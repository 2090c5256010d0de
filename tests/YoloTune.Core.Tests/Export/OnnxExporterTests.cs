using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files.Onnx;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Export;

/// <summary>Files, metadata, options and refusals of the ONNX export.</summary>
public sealed class OnnxExporterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_metadata_is_what_consumers_read()
    {
        using YoloModel model = ExportModels.Lively("yolo11n");
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 320, Width = 640, BatchSize = 2 });
        OnnxFileView view = new(File.ReadAllBytes(folder.File("m.onnx")));
        Assert.Equal("""{0: 'one', 1: "two's", 2: 'three', 3: 'four "4"', 4: 'five'}""", view.Metadata["names"]);
        Assert.Equal(("32", "detect", "[320, 640]", "2", "False"),
            (view.Metadata["stride"], view.Metadata["task"], view.Metadata["imgsz"], view.Metadata["batch"], view.Metadata["end2end"]));
        Assert.Equal(["2", "9", "4200"], view.Outputs.Single().Shape);
        using OnnxModel file = new(folder.File("m.onnx"));
        Assert.Equal(model.ClassNames, file.ClassNames);
        Assert.Equal((32, 640, (320, 640), 2), (file.Stride, file.ImageSize, file.FixedSize!.Value, file.BatchSize!.Value));
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using YoloModel model = ExportModels.Lively("yolo26n");
        foreach (string name in (string[])["a", "b"])
        {
            OnnxExporter.Write(model, folder.File(name + ".onnx"));
            ModelExporter.WritePt(model, folder.File(name + ".pt"));
        }
        Assert.Equal(File.ReadAllBytes(folder.File("a.onnx")), File.ReadAllBytes(folder.File("b.onnx")));
        Assert.Equal(File.ReadAllBytes(folder.File("a.pt")), File.ReadAllBytes(folder.File("b.pt")));
    }

    [Fact]
    public void Half_halves_the_file_and_keeps_images_and_results_in_float32()
    {
        // Eleven bits of mantissa through a hundred layers; scores are 0-1, boxes up to the image's size.
        const double tolerance = 0.05;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        using YoloModel model = ExportModels.Lively("yolo11n");
        OnnxExporter.Write(model, folder.File("whole.onnx"), new() { Height = 64, Width = 64 });
        OnnxExporter.Write(model, folder.File("half.onnx"), new() { Height = 64, Width = 64, Half = true });
        Assert.InRange(new FileInfo(folder.File("half.onnx")).Length, 1, (long)(0.6 * new FileInfo(folder.File("whole.onnx")).Length));
        torch.Tensor images = ExportModels.Images(1, 64, 64);
        torch.Tensor whole = OnnxRun.Outputs(folder.File("whole.onnx"), images)["output0"],
            half = OnnxRun.Outputs(folder.File("half.onnx"), images)["output0"];
        Assert.True(((whole - half).abs() / whole.abs().amax([-1], true)).max().item<float>() < tolerance);
    }

    [Fact]
    public void An_image_size_that_does_not_fit_names_the_next_that_does()
    {
        using YoloModel model = ExportModels.Lively("yolo11n");
        SelectionException error =
            Assert.Throws<SelectionException>(() => OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 100, Width = 64 }));
        Assert.Contains("96", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Theory]
    [InlineData("yolo11n-cls")]
    [InlineData("yolo11n-obb")]
    public void A_task_without_suppression_refuses_it(string architecture)
    {
        using YoloModel model = ExportModels.Lively(architecture);
        Assert.Throws<SelectionException>(() =>
            OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 64, EmbedNms = true }));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void An_export_that_fails_at_the_end_leaves_nothing_behind()
    {
        using YoloModel model = ExportModels.Lively("yolo11n");
        Directory.CreateDirectory(folder.File("taken"));
        File.WriteAllText(Path.Combine(folder.File("taken"), "x"), "");
        Assert.ThrowsAny<Exception>(() => OnnxExporter.Write(model, folder.File("taken")));
        Assert.ThrowsAny<Exception>(() => ModelExporter.WritePt(model, folder.File("taken")));
        Assert.Equal(["taken"], folder.Names);
    }

    [Fact]
    public void An_interrupted_write_leaves_the_old_file_and_no_other()
    {
        File.WriteAllText(folder.File("m.onnx"), "old");
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(folder.File("m.onnx"), stream =>
        {
            stream.Write(new byte[100000]);
            throw new OperationCanceledException();
        }));
        Assert.Equal(["m.onnx"], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder.File("m.onnx")));
    }

    [Theory]
    [InlineData("{0: 'a', 1: 'b\\'c'}", "a|b'c")]
    [InlineData("['a', \"b, {1: 'x'}\"]", "a|b, {1: 'x'}")]
    [InlineData("{1: 'b', 0: 'a'}", "a|b")]
    public void Class_names_are_read_as_Python_wrote_them(string literal, string names) =>
        Assert.Equal(names.Split('|'), ClassNameLiteral.Parse(literal, "x.onnx"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{0: 'a', 2: 'b'}")]
    [InlineData("{0: 'a', 0: 'b'}")]
    [InlineData("{0: a}")]
    [InlineData("{0: 'a\\")]
    [InlineData("{0: 'a")]
    [InlineData("{0: 'a}")]
    [InlineData("{x: 'a'}")]
    [InlineData("{0 'a'}")]
    public void Other_texts_are_refused(string literal) =>
        Assert.Throws<ModelFormatException>(() => ClassNameLiteral.Parse(literal, "x.onnx"));

    [Fact]
    public void A_file_that_is_no_graph_is_refused_with_its_name()
    {
        using OnnxModel file = new(folder.File("bad.onnx", [1, 2, 3]));
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => file.ClassNames);
        Assert.Equal(folder.File("bad.onnx"), error.File);
    }
}
