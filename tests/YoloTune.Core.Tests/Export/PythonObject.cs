namespace YoloTune.Tests.Export;

/// <summary>An object of a pickle, as the tests' own reader sees it.</summary>
/// <param name="ClassPath">The dotted path of its class.</param>
/// <param name="Arguments">What the class was called with.</param>
internal sealed record PythonObject(string ClassPath, IReadOnlyList<object?> Arguments)
{
    /// <summary>Its attributes in order.</summary>
    public Dictionary<string, object?> State { get; } = [];

    public PythonDictionary Children => (PythonDictionary)State["_modules"]!;

    public PythonDictionary Parameters => (PythonDictionary)State["_parameters"]!;

    public PythonDictionary Buffers => (PythonDictionary)State["_buffers"]!;

    public bool Equals(PythonObject? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A dictionary in its own order.</summary>
internal sealed class PythonDictionary : List<KeyValuePair<object, object?>>
{
    public object? this[object key] => Find(entry => entry.Key.Equals(key)).Value;

    public IEnumerable<object> Keys => this.Select(entry => entry.Key);
}

/// <summary>A tensor: its elements lie in a record of the archive.</summary>
internal sealed record PythonTensor(string Storage, string StorageType, long StorageCount, long Offset, long[] Shape, long[] Strides,
    bool RequiresGrad)
{
    public bool IsParameter { get; init; }
}
