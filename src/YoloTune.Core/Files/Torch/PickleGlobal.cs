namespace YoloTune.Files.Torch;

/// <summary>The name of a Python class or function in a pickle. It is a name only: nothing is imported or looked up.</summary>
/// <param name="Module">The module, "torch.nn.modules.conv".</param>
/// <param name="Name">The name in it, "Conv2d"; with dots for nested classes.</param>
public sealed record PickleGlobal(string Module, string Name)
{
    /// <summary>The last part of <see cref="Name"/>: the class by which modules are recognised whatever package they come from.</summary>
    public string ClassName => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>
    /// Python's getattr. A checkpoint may call it on one of its own objects, for that is how Python pickles a bound method: the reference
    /// leaves some in a model that has predicted.
    /// </summary>
    internal bool IsGetattr => Name == "getattr" && Module is ("builtins" or "__builtin__");

    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}
