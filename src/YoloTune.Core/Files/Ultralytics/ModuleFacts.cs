namespace YoloTune.Files.Ultralytics;

/// <summary>What a checkpoint's module tree says about one module, beyond its tensors.</summary>
/// <param name="Path">The module's path, "model.9.cv1"; empty for the model itself.</param>
/// <param name="Package">The Python module of its class, "ultralytics.nn.modules.conv".</param>
/// <param name="ClassName">Its class, "Conv".</param>
/// <param name="Attributes">
/// Its own attributes as plain values (null, bool, long, double, string, lists, dictionaries): eps and momentum of a BatchNorm, n and
/// add of an SPPF, nc, nl, reg_max, stride and max_det of a head, i, f and type of a layer. Tensors of up to 256 elements are flat
/// lists of doubles.
/// </param>
/// <param name="Children">The names of its child modules in order, with their classes; a child that is None is left out.</param>
public sealed record ModuleFacts(
    string Path,
    string Package,
    string ClassName,
    IReadOnlyDictionary<string, object?> Attributes,
    IReadOnlyDictionary<string, string> Children)
{
    /// <summary>The class of the activation: "SiLU", "Identity" where there is none, or null for a module without a child "act".</summary>
    public string? Activation => Children.GetValueOrDefault("act");

    /// <summary>True for a block whose activation does something.</summary>
    public bool HasActivation => Activation is not null and not "Identity";

    /// <summary>An integer attribute, or null where there is none of this name and type.</summary>
    public long? Integer(string name) => Attributes.GetValueOrDefault(name) as long?;

    /// <summary>A number, integer or not, or null where there is none of this name.</summary>
    public double? Number(string name) => Attributes.GetValueOrDefault(name) switch
    {
        double number => number,
        long number => number,
        _ => null,
    };

    /// <summary>A truth value, or null where there is none of this name and type.</summary>
    public bool? Truth(string name) => Attributes.GetValueOrDefault(name) as bool?;
}
