namespace YoloTune.Networks.Architecture;

/// <summary>One layer of a network: a row after scaling.</summary>
public sealed record LayerPlan
{
    /// <summary>The layer's number, as in <c>model.23.cv3</c>.</summary>
    public required int Index { get; init; }

    /// <summary>The inputs as the description gives them.</summary>
    public required IReadOnlyList<int> From { get; init; }

    /// <summary>Whether the description gives the inputs as a list.</summary>
    public required bool FromIsList { get; init; }

    /// <summary>The inputs as layer numbers; -1 is the image.</summary>
    public required IReadOnlyList<int> Sources { get; init; }

    /// <summary>Repeats after the depth multiple.</summary>
    public required int Repeats { get; init; }

    /// <summary>Modules stacked in the layer: <see cref="Repeats"/> for modules that do not take repeats themselves, else 1.</summary>
    public required int Stacked { get; init; }

    /// <summary>The module's name in the description, such as <c>nn.Upsample</c>.</summary>
    public required string Module { get; init; }

    /// <summary>The module's class name, such as <c>Upsample</c>.</summary>
    public string Type => Module.StartsWith("nn.", StringComparison.Ordinal) ? Module[3..] : Module == "Silence" ? "Identity" : Module;

    /// <summary>Backbone, neck or head.</summary>
    public required LayerPart Part { get; init; }

    /// <summary>The module's arguments: first the widths of input and output where it has them, then repeats where it takes them.</summary>
    public required IReadOnlyList<object?> Arguments { get; init; }

    /// <summary>Channels of each input.</summary>
    public required IReadOnlyList<int> InputChannels { get; init; }

    /// <summary>Channels of each output; only a CBLinear layer has more than one output.</summary>
    public required IReadOnlyList<int> OutputWidths { get; init; }

    /// <summary>Channels of the output; of the last one where there are several.</summary>
    public int OutputChannels => OutputWidths[^1];

    /// <summary>Where the row stands in the description, for messages.</summary>
    public required string Position { get; init; }
}
