using TorchSharp;
using YoloTune.Files.Ultralytics;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Evaluation;

/// <summary>The pretrained network of the shared data, read from its checkpoint, with the structure the checkpoint itself tells.</summary>
internal sealed class SharedModel : IDisposable
{
    private SharedModel(YoloNetwork network, IReadOnlyList<string> names) => (Network, Names) = (network, names);

    public YoloNetwork Network { get; }

    public IReadOnlyList<string> Names { get; }

    public static SharedModel Yolo11n()
    {
        using CheckpointContent content = CheckpointReader.Read(Shared.Path("data/weights/yolo11n.pt"));
        // The weights were trained, and their reference figures measured, with the activation the pickled SPPF carries.
        bool sppfActivation = content.Modules.Single(module => module.ClassName == "SPPF") is var sppf
            && content.Module(sppf.Path + ".cv1")!.HasActivation;
        ModelPlan plan = ModelPlan.Create(
            ModelDefinition.FromDictionary(content.ModelYaml!), new PlanOptions { SppfActivation = sppfActivation });
        YoloNetwork network = new(plan, new NetworkOptions { Initialise = false });
        using IDisposable untracked = torch.no_grad();
        Dictionary<string, torch.Tensor> items = content.Items.ToDictionary(item => item.Name, item => item.Tensor);
        foreach (StateItem item in network.StateItems) item.Tensor.copy_(items[item.Name]);
        network.eval();
        return new SharedModel(network, content.Names);
    }

    public void Dispose() => Network.Dispose();
}
