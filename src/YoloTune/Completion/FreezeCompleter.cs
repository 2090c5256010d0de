using YoloTune.Models;
using YoloTune.Networks.Architecture;


namespace YoloTune.Commands.Completion;

/// <summary>Completes the words that say what a stage freezes.</summary>
public sealed class FreezeCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
    [
        .. Enum.GetNames<LayerPart>().Select(name => (name, "a part of the model")),
        .. Enum.GetNames<Origin>().Select(name => (name, "items whose values came from there")),
        ("All", "everything"),
        ("None", "nothing: every weight trains"),
    ];
}
