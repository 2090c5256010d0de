using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>Whether tensors lie inside their storages; those that do not make some versions of torch read and write beside them.</summary>
internal static class TensorCheck
{
    private const int MostSaid = 20;

    /// <summary>The storage classes that are not read here, with the size of an element.</summary>
    private static readonly Dictionary<string, int> OtherStorages = new(StringComparer.Ordinal)
    {
        ["ComplexFloatStorage"] = 8,
        ["ComplexDoubleStorage"] = 16,
        ["QInt8Storage"] = 1,
        ["QUInt8Storage"] = 1,
        ["QInt32Storage"] = 4,
        ["QUInt4x2Storage"] = 1,
        ["QUInt2x4Storage"] = 1,
        ["UntypedStorage"] = 1,
    };

    /// <summary>The bytes of an element of a storage class; null for one that is not known.</summary>
    public static int? ElementSize(PickleGlobal storage) =>
        TorchStorageType.TryGet(storage, out _, out int size)
            ? size
            : OtherStorages.TryGetValue(storage.Name, out int other) ? other : null;

    /// <summary>Notes tensors that reach beyond their storages.</summary>
    public static void Inspect(IReadOnlyList<PickleTensor> tensors, string place, InspectionNotes notes)
    {
        int said = 0;
        foreach (PickleTensor tensor in tensors)
        {
            if (Fits(tensor) || said++ >= MostSaid) continue;
            notes.Suspicion($"{place}, storage {InspectionNotes.Cut(tensor.Storage.Key)}", "tensor", "",
                $"a tensor of shape [{string.Join(", ", tensor.Shape.Take(8))}] does not lie inside its storage of "
                + $"{tensor.Storage.Part} elements.");
        }
    }

    private static bool Fits(PickleTensor tensor)
    {
        if (tensor.Shape.Count != tensor.Strides.Count || tensor.Offset < 0 || tensor.Storage.Count < 0) return false;
        Int128 last = tensor.Offset;
        bool isEmpty = false;
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            if (tensor.Shape[i] < 0 || tensor.Strides[i] < 0) return false;
            isEmpty |= tensor.Shape[i] == 0;
            last += (Int128)Math.Max(tensor.Shape[i] - 1, 0) * tensor.Strides[i];
            if (last > long.MaxValue) return false;
        }
        return isEmpty || last < tensor.Storage.Part;
    }
}
