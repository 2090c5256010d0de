using TorchSharp;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Torch;

/// <summary>State dicts as .pt files.</summary>
internal static class StateDictFile
{
    /// <summary>
    /// Writes an OrderedDict of tensors, which <c>torch.load(path, weights_only=True)</c> reads and <c>load_state_dict</c> takes as it is.
    /// The metadata goes into a record of its own, for a further key in the dictionary would make load_state_dict fail.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced, and it appears only when it is complete.</param>
    /// <param name="items">The tensors by name, of any device and layout.</param>
    /// <param name="metadata">Texts by name, or null; see <see cref="CheckpointMetadata"/>.</param>
    /// <exception cref="ArgumentException">Two items have one name, or torch has no storage class for a type.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, torch.Tensor>> items, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        TorchArchiveWriter writer = new();
        PickleDictionary state = new() { IsOrderedDict = true };
        foreach ((string name, torch.Tensor tensor) in items)
        {
            if (state.TryGet(name, out _)) throw new ArgumentException($"The name '{name}' cannot be written twice.", nameof(items));
            state.Set(name, writer.Add(tensor));
        }
        if (metadata is not null) writer.AddMetadata(metadata);
        writer.Write(path, state);
    }
}
