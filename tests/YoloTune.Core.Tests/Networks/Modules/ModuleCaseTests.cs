using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Kernels;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using YoloTune.Tests.Networks.Heads;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Modules;

/// <summary>Single blocks with stored weights, against the reference's outputs.</summary>
public sealed class ModuleCaseTests
{
    private const string Folder = "reference/models/modules/";
    private static readonly string[] Functions = ["make_anchors", "dist2bbox", "dist2rbox", "CBFuse", "Proto26", "RealNVP"];

    /// <summary>
    /// The kernels of our own act where gradients are wanted, so each block runs three times: for prediction, folded, and in training mode
    /// with kept statistics, which gives the same output.
    /// </summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_block_of_the_reference_gives_its_output_fused_or_not(bool kernels)
    {
        using IDisposable forced = KernelSwitch.Force(kernels);
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        Dictionary<string, Tensor> weights = Weights();
        var io = Shared.Tensors(Folder + "io.safetensors");
        int checkedCases = 0;
        foreach ((string name, string type, Arguments arguments, JsonElement entry) in Blocks(index))
        {
            using nn.Module module = Create(type, arguments, new());
            Load(module, name, weights);
            module.eval();
            Assert.Equal(entry.GetProperty("params").GetInt64(), module.parameters().Sum(parameter => parameter.numel()));
            Assert.Equal(entry.GetProperty("sd").EnumerateArray().Select(item => item[0].GetString()),
                Items(module).Select(item => item.Name));
            Tensor input = io[$"{name}|in0"];
            Tensor[] expected = [.. Outputs(io, name)];
            using (no_grad()) Check(name, expected, Run(module, input));

            JsonElement fusedEntry = entry.GetProperty("fused");
            // The reference folds transposed convolutions wrongly; our output is checked against the unfused one all the same.
            if (fusedEntry.ValueKind == JsonValueKind.Array)
            {
                using IDisposable untracked = no_grad();
                using nn.Module fused = Create(type, arguments, new() { Fused = true });
                Folding.Copy(module, fused);
                fused.eval();
                Assert.Equal(
                    fusedEntry[0].EnumerateArray().Select(key => key.GetString()!).Order(StringComparer.Ordinal),
                    Items(fused).Select(item => item.Name).Order(StringComparer.Ordinal));
                Check(name + " fused", expected, Run(fused, input));
            }

            module.train();
            foreach (BatchNorm2d norm in module.modules().OfType<BatchNorm2d>()) norm.KeepStatistics = true;
            Check(name + " in training", expected, Run(module, Laid(input).requires_grad_(true)));
            checkedCases++;
        }
        Assert.Equal(index.RootElement.EnumerateObject().Count() - Functions.Length, checkedCases);
    }

    [SkippableFact]
    public void Every_block_learns_the_same_with_kernels_and_without()
    {
        using DisposeScope scope = NewDisposeScope();
        using JsonDocument index = Shared.Json(Folder + "index.json");
        Dictionary<string, Tensor> weights = Weights();
        var io = Shared.Tensors(Folder + "io.safetensors");
        int used = 0;
        foreach ((string name, string type, Arguments arguments, _) in Blocks(index))
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor input = Laid(io[$"{name}|in0"]);
            used += Norms(input).Count(NormActivation.Takes);
            Dictionary<string, Tensor> with = Learn(true), without = Learn(false);
            Assert.Equal(without.Keys, with.Keys);
            foreach ((string item, Tensor expected) in without)
            {
                double difference = (expected - with[item]).abs().max().ToDouble(), size = expected.abs().max().ToDouble();
                // Sums over a map in another order; the statistics of a few pixels multiply what that changes.
                Assert.True(difference <= 1e-4 * (1 + size), $"{name}: {item} differs by {difference}");
            }

            Dictionary<string, Tensor> Learn(bool kernels)
            {
                using IDisposable forced = KernelSwitch.Force(kernels);
                using nn.Module module = Create(type, arguments, new());
                using (no_grad()) Load(module, name, weights);
                module.train();
                Tensor x = input.detach().clone().requires_grad_(true);
                Tensor[] outputs = Run(module, x);
                // A gradient of its own for every value, so that nothing cancels.
                Tensor loss = zeros([]);
                foreach (Tensor output in outputs) loss += (output * output.detach().cos()).mean();
                loss.backward();
                Dictionary<string, Tensor> found = new() { ["input"] = x.grad! };
                for (int i = 0; i < outputs.Length; i++) found[$"output {i}"] = outputs[i].detach();
                foreach ((string item, var parameter) in module.named_parameters()) if (parameter.grad is Tensor grad) found[item] = grad;
                foreach ((string item, Tensor buffer) in module.named_buffers()) found[item] = buffer.to(float32);
                return found;
            }

            // The maps that go into a block's own normalisation.
            IEnumerable<Tensor> Norms(Tensor x)
            {
                using nn.Module module = Create(type, arguments, new());
                if (module is Conv conv) yield return conv.Convolution.call(x);
            }
        }
        Assert.Equal(KernelSwitch.IsOn, used > 0);
    }

    [SkippableFact]
    public void CBFuse_adds_the_chosen_maps()
    {
        using DisposeScope scope = NewDisposeScope();
        var io = Shared.Tensors(Folder + "io.safetensors");
        using CBFuse fuse = new([1, 1]);
        Tensor y = fuse.call([[io["CBFuse|in0.0"], io["CBFuse|in0.1"]], [io["CBFuse|in1.0"], io["CBFuse|in1.1"]], [io["CBFuse|in2"]]]);
        ForwardTests.Close(io["CBFuse|out0"], y);
    }

    [SkippableFact]
    public void Anchor_points_and_boxes_equal_the_reference()
    {
        using DisposeScope scope = NewDisposeScope();
        var io = Shared.Tensors(Folder + "io.safetensors");
        AnchorPoints anchors = AnchorPoints.Create([(4, 6), (2, 3)], [8, 16], CPU);
        ForwardTests.Close(io["make_anchors|points"], anchors.Points.transpose(0, 1));
        ForwardTests.Close(io["make_anchors|strides"], anchors.Strides.transpose(0, 1));
        Tensor distances = io["dist2bbox|dist"];
        ForwardTests.Close(io["dist2bbox|xywh"], BoxDecoder.ToCentreSize(distances, anchors.Points));
        ForwardTests.Close(io["dist2bbox|xyxy"], BoxDecoder.ToCorners(distances, anchors.Points));
        ForwardTests.Close(io["dist2rbox|out"], BoxDecoder.ToRotated(distances, io["dist2rbox|angle"], anchors.Points));
    }

    [SkippableFact]
    public void Prototypes_of_26_equal_the_reference()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        var io = Shared.Tensors(Folder + "io.safetensors");
        using Proto26 proto = new(new(), [8, 12, 16], 16, 4, 3);
        Load(proto, "Proto26", Weights());
        proto.eval();
        Tensor[] levels = [io["Proto26|in0"], io["Proto26|in1"], io["Proto26|in2"]];
        (Tensor prototypes, Tensor? semantic) = proto.call(levels);
        ForwardTests.Close(io["Proto26|out0"], prototypes);
        Assert.Null(semantic);
        proto.train();
        foreach (BatchNorm2d norm in proto.modules().OfType<BatchNorm2d>()) norm.KeepStatistics = true;
        ForwardTests.Close(io["Proto26|semseg"], proto.call(levels).Semantic!);
    }

    [SkippableFact]
    public void The_flow_equals_the_reference()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        var io = Shared.Tensors(Folder + "io.safetensors");
        using RealNVP flow = new(new());
        Load(flow, "RealNVP", Weights());
        (Tensor z, Tensor logDeterminant) = flow.Inverse(io["RealNVP|in0"]);
        ForwardTests.Close(io["RealNVP|z"], z);
        ForwardTests.Close(io["RealNVP|logdet"], logDeterminant);
        ForwardTests.Close(io["RealNVP|log_prob"], flow.call(io["RealNVP|in0"]));
    }

    private static IEnumerable<(string Name, string Type, Arguments Arguments, JsonElement Entry)> Blocks(JsonDocument index) =>
        from entry in index.RootElement.EnumerateObject()
        where !Functions.Contains(entry.Name)
        select (entry.Name, entry.Value.GetProperty("cls").GetString()!, new Arguments(entry.Value.GetProperty("args")), entry.Value);

    private static nn.Module Create(string type, Arguments a, BlockSettings s) => type switch
    {
        "Conv" => new Conv(
            s, a["c1"], a["c2"], a.Int("k", 1), a.Int("s", 1), a.Has("p") ? a["p"] : (Pair?)null, a.Int("g", 1), a.Int("d", 1),
            a.Flag("act", true)),
        "DWConv" => new DWConv(s, a["c1"], a["c2"], a.Int("k", 1)),
        "ConvTranspose" => new ConvTranspose(s, a["c1"], a["c2"]),
        "Focus" => new Focus(s, a["c1"], a["c2"], a.Int("k", 1)),
        "GhostConv" => new GhostConv(s, a["c1"], a["c2"], a.Int("k", 1)),
        "RepConv" => new RepConv(s, a["c1"], a["c2"], bn: a.Flag("bn", false)),
        "Bottleneck" => a.Has("k")
            ? new Bottleneck(s, a["c1"], a["c2"], a.Flag("shortcut", true), 1, 1, 3, a.Number("e", 0.5))
            : new Bottleneck(s, a["c1"], a["c2"], a.Flag("shortcut", true)),
        "BottleneckCSP" => new BottleneckCSP(s, a["c1"], a["c2"], a["n"]),
        "GhostBottleneck" => new GhostBottleneck(s, a["c1"], a["c2"], a.Int("k", 3), a.Int("s", 1)),
        "C1" => new C1(s, a["c1"], a["c2"], a["n"]),
        "C2" => new C2(s, a["c1"], a["c2"], a["n"]),
        "C2f" => new C2f(s, a["c1"], a["c2"], a["n"], a.Flag("shortcut", false)),
        "C3" => new C3(s, a["c1"], a["c2"], a["n"]),
        "C3x" => C3.Crossed(s, a["c1"], a["c2"], a["n"]),
        "C3Ghost" => C3.Ghost(s, a["c1"], a["c2"], a["n"]),
        "RepC3" => new RepC3(s, a["c1"], a["c2"], a["n"]),
        "C3k" => C3.Square(s, a["c1"], a["c2"], a["n"]),
        "C3k2" => C2f.Kernel2(s, a["c1"], a["c2"], a["n"], a.Flag("c3k", false), a.Number("e", 0.5), a.Flag("attn", false)),
        "SPP" => new SPP(s, a["c1"], a["c2"], a.List("k")),
        "SPPF" => new SPPF(s, a["c1"], a["c2"], a["k"], a.Int("n", 3), a.Flag("shortcut", false)),
        "SPPELAN" => new SPPELAN(s, a["c1"], a["c2"], a["c3"]),
        "ELAN1" => RepNCSPELAN4.Plain(s, a["c1"], a["c2"], a["c3"], a["c4"]),
        "RepCSP" => C3.Reparameterised(s, a["c1"], a["c2"], a["n"]),
        "RepNCSPELAN4" => new RepNCSPELAN4(s, a["c1"], a["c2"], a["c3"], a["c4"], a["n"]),
        "AConv" => new AConv(s, a["c1"], a["c2"]),
        "ADown" => new ADown(s, a["c1"], a["c2"]),
        "SCDown" => new SCDown(s, a["c1"], a["c2"], a["k"], a["s"]),
        "CBLinear" => new CBLinear(s, a["c1"], a.List("c2s")),
        "RepVGGDW" => new RepVGGDW(s, a["ed"]),
        "CIB" => new CIB(s, a["c1"], a["c2"], a.Flag("shortcut", true), a.Number("e", 0.5), a.Flag("lk", false)),
        "C2fCIB" => C2f.Compact(s, a["c1"], a["c2"], a["n"], a.Flag("shortcut", false), a.Flag("lk", false)),
        "Attention" => new Attention(s, a["dim"], a["num_heads"], a.Number("attn_ratio", 0.5)),
        "PSABlock" => new PSABlock(s, a["c"], a.Number("attn_ratio", 0.5), a["num_heads"]),
        "PSA" => new PSA(s, a["c1"]),
        "C2PSA" => new C2PSA(s, a["c1"], a["n"]),
        "C2fPSA" => C2f.Attentive(s, a["c1"], a["c2"], a["n"]),
        "AAttn" => new AAttn(s, a["dim"], a["num_heads"], a["area"]),
        "ABlock" => new ABlock(s, a["dim"], a["num_heads"], a.Number("mlp_ratio", 1.2), a["area"]),
        "A2C2f" => new A2C2f(
            s, a["c1"], a["c2"], a["n"], a.Flag("a2", true), a["area"], a.Flag("residual", false), a.Number("mlp_ratio", 2.0)),
        "DFL" => new DFL(s, a["c1"]),
        "Proto" => new Proto(s, a["c1"], a["c_"], a["c2"]),
        "Classify" => new Classify(s, a["c1"], a["c2"]),
        _ => throw new InvalidOperationException($"No block of ours stands for {type}."),
    };

    private static Tensor Laid(Tensor x) => x.dim() == 4 ? ChannelsLast.Lay(x) : x.clone();

    private static Tensor[] Run(nn.Module module, Tensor x) => module switch
    {
        Block block => [block.call(x)],
        CBLinear split => [.. split.call(x)],
        Classify classify => Classified(classify.call([x]).Logits!),
        _ => throw new InvalidOperationException(),
    };

    private static Tensor[] Classified(Tensor logits) => [logits.softmax(1), logits];

    private static void Check(string name, Tensor[] expected, Tensor[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].shape, actual[i].shape);
            double difference = (expected[i] - actual[i]).abs().max().ToDouble();
            // The tolerance the reference's README states for float32.
            Assert.True(difference <= 1e-4 * (1 + expected[i].abs().max().ToDouble()), $"{name} output {i} differs by {difference}");
        }
    }

    private static IEnumerable<Tensor> Outputs(IReadOnlyDictionary<string, Tensor> io, string name)
    {
        for (int i = 0; io.TryGetValue($"{name}|out{i}", out Tensor? output); i++) yield return output;
    }

    private static Dictionary<string, Tensor> Weights()
    {
        Dictionary<string, Tensor> weights = [];
        for (int part = 0; part < 3; part++)
            foreach ((string key, Tensor value) in Shared.Tensors($"{Folder}weights.{part}.safetensors")) weights[key] = value;
        return weights;
    }

    private static void Load(nn.Module module, string name, Dictionary<string, Tensor> weights)
    {
        using IDisposable untracked = no_grad();
        foreach ((string key, Tensor tensor) in Items(module)) tensor.copy_(weights[$"{name}|{key}"]);
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Items(nn.Module module, string prefix = "")
    {
        foreach ((string name, var parameter) in module.named_parameters(false)) yield return (prefix + name, parameter);
        foreach ((string name, Tensor buffer) in module.named_buffers(false)) yield return (prefix + name, buffer);
        foreach ((string name, nn.Module child) in module.named_children())
            foreach (var item in Items(child, $"{prefix}{name}.")) yield return item;
    }

    private sealed class Arguments(JsonElement values)
    {
        public int this[string name] => values.GetProperty(name).GetInt32();

        public bool Has(string name) => values.TryGetProperty(name, out _);

        public int Int(string name, int fallback) => Has(name) ? this[name] : fallback;

        public bool Flag(string name, bool fallback) => Has(name) ? values.GetProperty(name).GetBoolean() : fallback;

        public double Number(string name, double fallback) => Has(name) ? values.GetProperty(name).GetDouble() : fallback;

        public int[] List(string name) => [.. values.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
    }
}
