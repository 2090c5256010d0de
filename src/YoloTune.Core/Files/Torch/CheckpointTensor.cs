namespace YoloTune.Files.Torch;

/// <summary>A tensor as a model file describes it, unchecked.</summary>
/// <param name="Name">
/// Its place in the file, "model.model.0.conv.weight"; cut at <see cref="LongestName"/> characters, empty where the file gives none.
/// </param>
/// <param name="Type">The type of its elements, "float16".</param>
/// <param name="Shape">The size of each dimension.</param>
public sealed record CheckpointTensor(string Name, string Type, long[] Shape)
{
    /// <summary>Names are cut here, for a file can make them as long as it likes.</summary>
    public const int LongestName = 256;

    /// <summary>How many elements the shape has; <see cref="long.MaxValue"/> where that is no number of 64 bits.</summary>
    public long Elements
    {
        get
        {
            long count = 1;
            foreach (long size in Shape)
            {
                if (size <= 0) return 0;
                count = count > long.MaxValue / size ? long.MaxValue : count * size;
            }
            return count;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}] {Type}";
}
