using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;


namespace YoloTune.Benchmarks.Sections;

/// <summary>Reading checkpoints, and building a model.</summary>
internal sealed class ImportSection : ISection
{
    private const string Built = "a fresh model", Pickled = "its .pt checkpoint", Safe = "its .safetensors file";

    public string Name => "import";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        string folder = Directory.CreateTempSubdirectory("yolotune-benchmarks").FullName;
        try
        {
            string safe = Path.Combine(folder, "model.safetensors");
            using (YoloModel model = data.NewModel()) ModelExporter.WriteSafeTensors(model, safe);
            List<Action<Measure>> work =
            [
                into => into.Time(Built, () =>
                    YoloModel.Create(YoloTune.Networks.Architecture.ModelDefinition.Load(options.Model), data.Description.Names).Dispose()),
                into => into.Time(Safe, () => ModelImporter.Import(safe).Dispose()),
            ];
            if (data.Weights is string weights) work.Add(into => into.Time(Pickled, () => ModelImporter.Import(weights).Dispose()));
            Measure measure = Measure.Interleaved(options.Rounds, work);
            report.Section($"Import of {options.Model}", "ms");
            foreach (string row in (string[])[Built, Safe, Pickled])
            {
                if (measure.Has(row)) report.Row(measure, row);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
