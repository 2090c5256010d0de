namespace YoloTune.Files.Torch;

/// <summary>A value of a pickle that holds other values.</summary>
internal abstract class PickleContainer
{
    /// <summary>The levels of containers at and below this one, as known when they were put in.</summary>
    internal int Depth { get; private set; } = 1;

    /// <summary>
    /// What BUILD attached to a value that is not an instance, such as the <c>_metadata</c> of an OrderedDict; otherwise null.
    /// </summary>
    public object? State { get; set; }

    internal void Contain(object? child)
    {
        if (child is PickleContainer container && container.Depth >= Depth) Depth = container.Depth + 1;
    }
}
