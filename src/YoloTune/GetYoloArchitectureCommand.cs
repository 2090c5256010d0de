using YoloTune.Models;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Lists the built-in architectures.</summary>
[Cmdlet(VerbsCommon.Get, "YoloArchitecture")]
[OutputType(typeof(ArchitectureInfo))]
public sealed class GetYoloArchitectureCommand : YoloCmdlet
{
    /// <summary>Names to list; wildcards are allowed. All architectures when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (string name in Name)
        {
            WildcardPattern pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            CatalogEntry[] matches = [.. ModelCatalog.Entries.Where(entry => pattern.IsMatch(entry.Name))];
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                string? near = ModelCatalog.Nearest(name);
                WriteError(new SelectionException($"There is no built-in architecture '{name}'.",
                    remedy: near is null ? "Get-YoloArchitecture lists them all." : $"Did you mean {near}?"), name);
            }
            foreach (CatalogEntry entry in matches)
            {
                Cancellation.ThrowIfCancellationRequested();
                ModelPlan plan = ModelPlan.Create(ModelDefinition.Load(entry.Name));
                NetworkProfile profile = NetworkProfile.Of(plan);
                WriteObject(new ArchitectureInfo(entry.Name, entry.Family, entry.Scale, entry.Task, plan.Layers.Count, profile.Parameters,
                    Math.Round(profile.GFlops(entry.Task.DefaultImageSize), 1)));
            }
        }
    }
}

/// <summary>A built-in architecture at one scale.</summary>
/// <param name="Name">What New-YoloModel takes: yolo11n.</param>
/// <param name="Family">The family: yolo11.</param>
/// <param name="Scale">The letter of the size; empty where there is one size.</param>
/// <param name="Task">What its head predicts.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Parameters">Number of parameters at the class count of its description.</param>
/// <param name="GFlops">Billions of operations for one image of 640 x 640 pixels (classification: 224 x 224).</param>
public sealed record ArchitectureInfo(string Name, string Family, string Scale, NetworkTask Task, int Layers, long Parameters,
    double GFlops);
