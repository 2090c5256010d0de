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
