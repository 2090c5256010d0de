using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;


namespace YoloTune.Benchmarks.Sections;

/// <summary>Planning and copying the weights of one model into another with three classes.</summary>
internal sealed class TransferSection : ISection
{
    private const string Planning = "plan", Copying = "copy";

    public string Name => "transfer";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using YoloModel model = data.NewModel();
        using YoloModel target = YoloModel.Create(ModelDefinition.Load(options.Model), ["one", "two", "three"]);
        TransferSource source = TransferSource.FromModel(model);
        Measure measure = Measure.Interleaved(options.Rounds, into =>
        {
            TransferPlan plan = null!;
            into.Time(Planning, () => plan = TransferPlanner.Create(target, source, new TransferOptions()));
            into.Time(Copying, () => plan.Execute(target));
        });
        report.Section($"Transfer into a model of three classes, {target.Items.Count} items", "ms");
        report.Row(measure, Planning);
        report.Row(measure, Copying);
    }
}
