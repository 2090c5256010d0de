using YoloTune.Data;
using YoloTune.DatasetTools.Samples;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;


namespace YoloTune.Benchmarks;

/// <summary>Models and images: those beside the checkout, or drawn ones and fresh weights where there are none.</summary>
internal sealed class BenchmarkData : IDisposable
{
    private readonly BenchmarkOptions options;
    private readonly string? temporary;

    public BenchmarkData(BenchmarkOptions options, string? dataset = null)
    {
        this.options = options;
        Repository = FindRepository();
        string shared = Environment.GetEnvironmentVariable("YOLOTUNE_SHARED")
            ?? Path.GetFullPath(Path.Combine(Repository, "..", "shared"));
        string images = Path.Combine(shared, "data", "coco128", "data.yaml"), weights = Path.Combine(shared, "data", "weights");
        string checkpoint = Path.Combine(weights, options.Model + ".pt");
        Weights = File.Exists(checkpoint) ? checkpoint : null;
        if (dataset is not null || File.Exists(images))
        {
            Dataset = dataset ?? images;
        }
        else
        {
            temporary = Directory.CreateTempSubdirectory("yolotune-benchmarks").FullName;
            Dataset = SampleDataset.Create(Path.Combine(temporary, "shapes"), new() { Count = 160, ImageSize = 640 }).File;
        }
        string cells = Path.Combine(shared, "data", "bccd", "data.yaml");
        SmallDataset = File.Exists(cells) ? cells : Dataset;
        Description = DatasetDescription.Load(Dataset);
        Origin = (temporary is null ? "coco128" : "drawn images")
            + (Weights is null ? ", fresh weights" : $", weights of {options.Model}.pt");
    }

    public string Repository { get; }

    /// <summary>The dataset's YAML file.</summary>
    public string Dataset { get; }

    /// <summary>A dataset as a user has it, for the start of a training: BCCD, or <see cref="Dataset"/>.</summary>
    public string SmallDataset { get; }

    /// <summary>The model's checkpoint, or null.</summary>
    public string? Weights { get; }

    public DatasetDescription Description { get; }

    /// <summary>What is measured on, in words.</summary>
    public string Origin { get; }

    /// <summary>A model with the dataset's classes.</summary>
    public YoloModel NewModel()
    {
        if (Weights is null) return YoloModel.Create(ModelDefinition.Load(options.Model), Description.Names);
        YoloModel model = ModelImporter.Import(Weights);
        if (!model.ClassNames.SequenceEqual(Description.Names, StringComparer.Ordinal))
            ClassSurgery.SetClasses(model, Description.Names, ignoreCase: false, new Dictionary<string, string>());
        return model;
    }

    public ImageDataset Split(string name) => ImageDataset.Load(Description, name, new DatasetOptions());

    public void Dispose()
    {
        if (temporary is not null) Directory.Delete(temporary, recursive: true);
    }

    private static string FindRepository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "YoloTune.sln"))) return folder;
        }
        throw new InvalidOperationException("The benchmarks do not run from inside the repository.");
    }
}
