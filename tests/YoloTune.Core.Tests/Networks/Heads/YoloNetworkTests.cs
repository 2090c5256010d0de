using System.IO.Compression;
using System.Text;
using TorchSharp;
using Xunit;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Heads;

public sealed class YoloNetworkTests
{
    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using YoloNetwork a = Build("yolo26n", 5);
        using YoloNetwork b = Build("yolo26n", 5);
        using YoloNetwork c = Build("yolo26n", 6);
        Assert.All(a.StateItems.Zip(b.StateItems), pair => Assert.True(pair.First.Tensor.equal(pair.Second.Tensor).all().ToBoolean()));
        Assert.False(a.StateItems[0].Tensor.equal(c.StateItems[0].Tensor).all().ToBoolean());
    }

    [Fact]
    public void Building_leaves_the_global_random_state_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor before = get_rng_state().clone();
        using YoloNetwork network = Build("yolo11n", 5);
        Assert.True(get_rng_state().equal(before).all().ToBoolean());
    }

    [Theory]
    [InlineData(80, -11.536642, -10.150348, -8.764053)]
    [InlineData(3, -8.253227, -6.866933, -5.480639)]
    public void Class_biases_start_at_the_prior_and_box_biases_at_two(int classes, double fine, double middle, double coarse)
    {
        foreach (string name in new[] { "yolo11n", "yolo26n", "yolov10n" })
        {
            using YoloNetwork network = Build(name, 0, classes);
            double[] levels = network.EndToEnd ? [fine, middle, coarse, fine, middle, coarse] : [fine, middle, coarse];
            Assert.Equal(levels.Length, network.Head!.ClassOutputs.Count);
            // Printed with six digits in the reference.
            foreach (var (bias, expected) in network.Head.ClassOutputs.Select(output => output.Bias!).Zip(levels))
                Assert.Equal(expected, bias.mean().ToDouble(), 1e-5);
            Assert.All(network.Head.BoxOutputs, output => Assert.Equal(2.0, output.Bias!.mean().ToDouble(), 1e-6));
        }
    }

    [Fact]
    public void Weights_start_in_the_reference_ranges()
    {
        using IDisposable untracked = no_grad();
        using YoloNetwork network = Build("yolo12l", 1);
        Dictionary<string, Tensor> items = network.StateItems.ToDictionary(item => item.Name, item => item.Tensor);
        Tensor first = items["model.0.conv.weight"];
        double bound = 1 / Math.Sqrt(27);
        Assert.InRange(first.abs().max().ToDouble(), 0.9 * bound, bound);
        Assert.Equal(0.01, items["model.6.gamma"].mean().ToDouble(), 1e-6);
        Assert.Equal(0.02, items["model.6.m.0.0.attn.qkv.conv.weight"].std().ToDouble(), 1e-3);
        Assert.Equal(1, items["model.0.bn.running_var"].mean().ToDouble());
        Assert.Equal(120, items["model.21.dfl.conv.weight"].sum().ToDouble());
    }

    [Fact]
    public void One_to_one_branches_start_equal_to_their_twins()
    {
        using YoloNetwork network = Build("yolo26n-pose", 1);
        Dictionary<string, Tensor> items = network.StateItems.ToDictionary(item => item.Name, item => item.Tensor);
        foreach ((string name, Tensor tensor) in items.Where(item => item.Key.Contains("one2one_", StringComparison.Ordinal)))
            Assert.True(tensor.equal(items[name.Replace("one2one_", "")]).all().ToBoolean(), name);
    }

    [Fact]
    public void Classification_keeps_the_norm_settings_of_PyTorch()
    {
        using YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Load("yolo11n-cls")), new() { Initialise = false });
        Assert.All(network.modules().OfType<BatchNorm2d>(), norm => Assert.Equal((1e-5, 0.1), (norm.Epsilon, norm.Momentum)));
        Assert.Equal([1], network.Strides);
    }

    [Fact]
    public void Every_trainable_parameter_gets_a_gradient_and_the_one_to_one_branch_leaves_the_backbone_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = Build("yolo26n", 1, 3);
        network.train();
        Tensor x = rand([2, 3, 64, 64], generator: new Generator(1));
        NetworkOutput output = network.forward(x);
        (output.OneToOne!.Boxes.sum() + output.OneToOne.Scores.sum()).backward();
        Assert.Null(network.Layers[0].Module.parameters().First().grad);
        (output.OneToMany!.Boxes.sum() + output.OneToMany.Scores.sum()).backward();
        Assert.All(
            network.StateItems.Where(item => !item.IsBuffer && item.Tensor.requires_grad), item => Assert.NotNull(item.Tensor.grad));
    }

    [Fact]
    public void A_copy_is_independent_and_equal()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = Build("yolo11n", 1, 3);
        using YoloNetwork copy = network.Clone();
        Tensor original = network.StateItems[0].Tensor;
        copy.StateItems[0].Tensor.zero_();
        Assert.True(original.abs().sum().ToDouble() > 0);
        Assert.True(network.StateItems[^1].Tensor.equal(copy.StateItems[^1].Tensor).all().ToBoolean());
    }

    [Fact]
    public void Moving_to_another_type_moves_every_tensor()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = Build("yolo12n", 1, 3);
        network.eval();
        Tensor x = rand([1, 3, 64, 64], generator: new Generator(1));
        Tensor single = network.Decode(network.forward(x));
        network.to(ScalarType.Float64);
        Tensor twice = network.Decode(network.forward(x.to(float64)));
        Assert.True((single - twice).abs().max().ToDouble() < 1e-3);
    }

    [Fact]
    public void Without_gradients_only_the_outputs_remain()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = Build("yolo11n", 1, 3);
        network.eval();
        network.forward(zeros([1, 3, 64, 64]));
        long before = scope.DisposablesCount;
        network.forward(zeros([1, 3, 64, 64]));
        // The image, box distributions and class logits.
        Assert.Equal(before + 3, scope.DisposablesCount);
    }

    [Fact]
    public void Feature_maps_are_returned_on_demand()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = Build("yolo11n", 1, 3);
        Tensor x = zeros([1, 3, 64, 64]);
        Assert.Empty(network.forward(x).OneToMany!.Features);
        network.ReturnFeatures = true;
        Assert.Equal([[1L, 64, 8, 8], [1, 128, 4, 4], [1, 256, 2, 2]], network.forward(x).OneToMany!.Features.Select(map => map.shape));
    }

    [Fact]
    public void A_plan_can_change_the_activation_of_one_block()
    {
        ModelPlan plan = ModelPlan.Create(
            ModelDefinition.Load("yolo26n"), new() { Activations = new Dictionary<string, string> { ["model.9.cv1"] = "SiLU" } });
        using YoloNetwork network = new(plan, new() { Initialise = false });
        Assert.Equal(ActivationKind.SiLU, ((Conv)network.FindModule("model.9.cv1")!).Act.Kind);
        Assert.Equal(ActivationKind.SiLU, ((Conv)network.FindModule("model.9.cv2")!).Act.Kind);
        using YoloNetwork plain = new(ModelPlan.Create(ModelDefinition.Load("yolo26n")), new() { Initialise = false });
        Assert.Equal(ActivationKind.Identity, ((Conv)plain.FindModule("model.9.cv1")!).Act.Kind);
    }

    [SkippableFact]
    public void Class_paths_are_those_of_a_published_checkpoint()
    {
        using ZipArchive archive = ZipFile.OpenRead(Shared.Path("data/weights/yolo11n.pt"));
        using Stream stream = archive.Entries.Single(entry => entry.Name == "data.pkl").Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        string pickle = Encoding.Latin1.GetString(bytes.ToArray());
        using YoloNetwork network = YoloNetwork.CreateShapes(ModelPlan.Create(ModelDefinition.Load("yolo11n")));
        foreach (string path in network.modules().Cast<IReferenceModule>().Select(module => module.ClassPath).Distinct())
        {
            int dot = path.LastIndexOf('.');
            Assert.Contains($"c{path[..dot]}\n{path[(dot + 1)..]}\n", pickle);
        }
    }

    private static YoloNetwork Build(string name, long seed, int? classes = null)
    {
        ModelDefinition definition = ModelDefinition.Load(name);
        if (classes is { } count) definition = definition.WithClassCount(count);
        return new(ModelPlan.Create(definition), new() { Seed = seed });
    }
}
