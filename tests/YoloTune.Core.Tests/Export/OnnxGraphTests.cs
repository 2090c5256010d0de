using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Xunit;
using YoloTune.Export;
using YoloTune.Models;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Export;

/// <summary>The rules that an ONNX checker holds a file to.</summary>
public sealed class OnnxGraphTests : IDisposable
{
    /// <summary>The operators we use, with the release of the operator set that brought the form we use them in.</summary>
    private static readonly Dictionary<string, int> Operators = new()
    {
        ["Add"] = 14, ["ArgMax"] = 13, ["AveragePool"] = 11, ["Cast"] = 13, ["Concat"] = 13, ["Conv"] = 11, ["ConvTranspose"] = 11,
            ["Cos"] = 7,
        ["Div"] = 14, ["Equal"] = 13, ["Expand"] = 13, ["Flatten"] = 13, ["Gather"] = 13, ["GatherElements"] = 13, ["GatherND"] = 13,
        ["Gemm"] = 13,
        ["GlobalAveragePool"] = 1, ["Greater"] = 13, ["Identity"] = 16, ["MatMul"] = 13, ["MaxPool"] = 12, ["Min"] = 13, ["Mod"] = 13,
        ["Mul"] = 14,
        ["NonMaxSuppression"] = 11, ["Range"] = 11, ["ReduceMax"] = 13, ["Relu"] = 14, ["Reshape"] = 14, ["Resize"] = 13,
        ["ScatterND"] = 16,
        ["Shape"] = 15, ["Sigmoid"] = 13, ["Sin"] = 7, ["Softmax"] = 13, ["Split"] = 13, ["Squeeze"] = 13, ["Sub"] = 14, ["TopK"] = 11,
        ["Transpose"] = 13, ["Unsqueeze"] = 13, ["Where"] = 16,
    };

    private static readonly Dictionary<long, int> Sizes = new() { [1] = 4, [7] = 8, [9] = 1, [10] = 2 };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("yolov3-tiny", false, false, false)]
    [InlineData("yolov9t", true, false, false)]
    [InlineData("yolov9e", false, false, false)]
    [InlineData("yolov10n", true, false, false)]
    [InlineData("yolo11n", false, true, false)]
    [InlineData("yolo11n", true, true, true)]
    [InlineData("yolo11n-pose", true, false, false)]
    [InlineData("yolo11n-obb", false, false, false)]
    [InlineData("yolo11n-cls", true, false, false)]
    [InlineData("yolo12n", true, false, false)]
    [InlineData("yolo12n", false, false, true)]
    [InlineData("yolo26n-seg", true, false, false)]
    public void The_graph_is_well_formed_and_declares_what_it_computes(string architecture, bool dynamic, bool nms, bool half)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using YoloModel model = ExportModels.Lively(architecture);
        OnnxExporter.Write(model, folder.File("m.onnx"), new() { Height = 64, Width = 96, Dynamic = dynamic, EmbedNms = nms, Half = half });
        byte[] bytes = File.ReadAllBytes(folder.File("m.onnx"));
        OnnxFileView view = new(bytes);

        Assert.Equal(8, view.RepresentationVersion);
        Assert.Equal(new Dictionary<string, long> { [""] = 17 }, view.OperatorSets);
        Assert.All(view.Nodes, node => Assert.InRange(Operators.GetValueOrDefault(node.Operator, 99), 1, 17));
        AssertNames(view);
        AssertOrder(view);
        Assert.All(view.Initializers, tensor =>
            Assert.Equal(tensor.Shape.Aggregate(1L, (product, size) => product * size) * Sizes[tensor.Type], tensor.Bytes));
        Assert.Equal(["images"], view.Inputs.Select(value => value.Name));
        Assert.Equal(dynamic ? ["batch", "3", "height", "width"] : ["1", "3", "64", "96"], view.Inputs[0].Shape);
        Assert.All(view.Inputs.Concat(view.Outputs), value => Assert.Equal(1, value.Type));
        AssertDeclarations(bytes, view, ExportModels.Images(dynamic ? 2 : 1, 64, 96));
    }

    /// <summary>Static single assignment: no name twice.</summary>
    private static void AssertNames(OnnxFileView view)
    {
        List<string> values =
            [.. view.Inputs.Select(value => value.Name), .. view.Initializers.Select(tensor => tensor.Name),
                .. view.Nodes.SelectMany(node => node.Outputs)];
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.Equal(view.Nodes.Count, view.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.DoesNotContain("", values);
        Assert.Equal(view.Nodes.SelectMany(node => node.Outputs).Except(view.Outputs.Select(value => value.Name)).Order(),
            view.Intermediates.Select(value => value.Name).Order());
    }

    /// <summary>Every node reads only what stands before it, and everything is read.</summary>
    private static void AssertOrder(OnnxFileView view)
    {
        HashSet<string> known = [.. view.Inputs.Select(value => value.Name), .. view.Initializers.Select(tensor => tensor.Name)];
        HashSet<string> read = [.. view.Outputs.Select(value => value.Name)];
        foreach (OnnxFileView.Node node in view.Nodes)
        {
            foreach (string input in node.Inputs.Where(input => input.Length > 0))
            {
                Assert.True(known.Contains(input), $"{node.Name} reads {input} before it is there");
                read.Add(input);
            }
            known.UnionWith(node.Outputs);
        }
        Assert.All(view.Outputs, output => Assert.Contains(output.Name, known));
        Assert.All(view.Initializers, tensor => Assert.Contains(tensor.Name, read));
    }

    /// <summary>What the file says of the type and shape of each value is what ONNX Runtime computes.</summary>
    private static void AssertDeclarations(byte[] bytes, OnnxFileView view, torch.Tensor images)
    {
        using SessionOptions options = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        List<OnnxFileView.Value> all = [.. view.Outputs, .. view.Intermediates];
        using InferenceSession session = new(OnnxFileView.WithOutputs(bytes, view.Intermediates), options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(images.data<float>().ToArray(), images.shape);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["images"], [input], [.. all.Select(value => value.Name)]);
        foreach ((OnnxFileView.Value declared, OrtValue result) in all.Zip(results))
        {
            OrtTensorTypeAndShapeInfo info = result.GetTensorTypeAndShape();
            Assert.Equal((declared.Name, declared.Type), (declared.Name, (long)info.ElementDataType));
            string[] expected = [.. declared.Shape.Select((size, i) => long.TryParse(size, out _) ? size : info.Shape[i].ToString())];
            Assert.Equal($"{declared.Name} [{string.Join(", ", expected)}]", $"{declared.Name} [{string.Join(", ", info.Shape)}]");
        }
    }
}
