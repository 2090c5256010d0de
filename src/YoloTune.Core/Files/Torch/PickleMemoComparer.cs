using System.Runtime.CompilerServices;

namespace YoloTune.Files.Torch;

/// <summary>Texts, names and storages are the same by value, everything else only when it is one object.</summary>
internal sealed class PickleMemoComparer : IEqualityComparer<object>
{
    public static PickleMemoComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y) || (x is string or PickleGlobal or PickleStorage && x.Equals(y));

    public int GetHashCode(object value) =>
        value is string or PickleGlobal or PickleStorage ? value.GetHashCode() : RuntimeHelpers.GetHashCode(value);
}
