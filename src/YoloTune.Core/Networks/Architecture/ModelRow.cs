namespace YoloTune.Networks.Architecture;

/// <summary>One row of a model YAML as it is written: [from, repeats, module, arguments].</summary>
public sealed record ModelRow
{
    /// <summary>Where the inputs come from: -1 is the layer before, other negatives count back, the rest are layer indices.</summary>
    public required IReadOnlyList<int> From { get; init; }

    /// <summary>Whether <see cref="From"/> is written as a list.</summary>
    public bool FromIsList { get; init; }

    /// <summary>How often the module repeats before the depth multiple is applied.</summary>
    public required int Repeats { get; init; }

    /// <summary>The module's name, such as <c>C3k2</c> or <c>nn.Upsample</c>.</summary>
    public required string Module { get; init; }

    /// <summary>The arguments: numbers, booleans, texts, nulls and lists of them.</summary>
    public required IReadOnlyList<object?> Arguments { get; init; }

    /// <summary>The line of the YAML file, counted from 1; null where the model did not come from a file.</summary>
    public int? Line { get; init; }
}
