using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;

namespace YoloTune.Tests.Export;

/// <summary>Which format a file's name asks for.</summary>
public sealed class ExportFormatTests
{
    [Theory]
    [InlineData("best.pt", ModelFileFormat.Pt)]
    [InlineData("BEST.PT", ModelFileFormat.Pt)]
    [InlineData("best.pth", ModelFileFormat.StateDict)]
    [InlineData("best.safetensors", ModelFileFormat.SafeTensors)]
    [InlineData("v1.2/best.onnx", ModelFileFormat.Onnx)]
    public void The_extension_says_it(string path, ModelFileFormat format) => Assert.Equal(format, ModelExporter.FormatOf(path));

    [Theory]
    [InlineData("best.tflite", "onnx2tf")]
    [InlineData("best.engine", "trtexec")]
    [InlineData("best.torchscript", "format=torchscript")]
    [InlineData("best.mlpackage", "coreml")]
    [InlineData("best.XML", "OpenVINO")]
    [InlineData("best.weights", "-Format")]
    [InlineData("best", "-Format")]
    public void Any_other_extension_is_an_error_that_lists_what_there_is(string path, string remedy)
    {
        string message = Assert.Throws<SelectionException>(() => ModelExporter.FormatOf(path)).Message;
        Assert.Contains(remedy, message);
        Assert.Contains(".safetensors", message);
    }

    [Theory]
    [InlineData("folder/")]
    [InlineData(".")]
    public void A_folder_is_called_one(string path) =>
        Assert.StartsWith($"'{path}' is a folder.", Assert.Throws<SelectionException>(() => ModelExporter.FormatOf(path)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("best.onnx", ModelFileFormat.Pt)]
    [InlineData("best.pt", ModelFileFormat.Onnx)]
    [InlineData("best.safetensors", ModelFileFormat.StateDict)]
    [InlineData("best.engine", ModelFileFormat.Onnx)]
    public void A_format_that_the_extension_belies_is_an_error(string path, ModelFileFormat wanted) =>
        Assert.Throws<SelectionException>(() => ModelExporter.FormatOf(path, wanted));

    [Theory]
    [InlineData("best.pt", ModelFileFormat.StateDict)]
    [InlineData("best.bin", ModelFileFormat.SafeTensors)]
    [InlineData("best", ModelFileFormat.Pt)]
    public void A_format_that_is_given_decides_where_the_extension_says_nothing_else(string path, ModelFileFormat wanted) =>
        Assert.Equal(wanted, ModelExporter.FormatOf(path, wanted));

    [Theory]
    [InlineData("nul", true, true)]
    [InlineData(@"out\NUL.pt", true, true)]
    [InlineData("com1.onnx", true, true)]
    [InlineData(@"\\.\nul", true, true)]
    [InlineData("null.pt", true, false)]
    [InlineData("nul.pt", false, false)]
    [InlineData("/dev/null", false, true)]
    public void Names_of_devices_are_known(string path, bool windows, bool isDevice) =>
        Assert.Equal(isDevice, DeviceNames.In(path, windows) is not null);
}
