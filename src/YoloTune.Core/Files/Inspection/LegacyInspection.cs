using System.Buffers.Binary;
using YoloTune.Basics;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>
/// The row of pickles that torch wrote before 1.6: magic, protocol, system, object and storage keys, then each storage with its count. It
/// has no checksums; every byte belongs to one of these all the same.
/// </summary>
internal static class LegacyInspection
{
    private static readonly string[] Parts = ["the magic number", "the protocol", "the system", "the object", "the list of storages"];

    /// <summary>Inspects the file; gives the object.</summary>
    public static object? Inspect(FilePart part, InspectionNotes notes)
    {
        notes.UncheckedBytes = part.Length;
        PickleInput input = part.Input("pickle");
        object?[] values = new object?[Parts.Length];
        Dictionary<string, PickleStorage> storages = new(StringComparer.Ordinal);
        for (int i = 0; i < Parts.Length; i++)
        {
            PickleReport report = new();
            try
            {
                PickleReader reader = new(input, notes.Limits, report);
                values[i] = reader.Read();
                if (report.Refusal is { } refusal) notes.Fail(refusal);
                foreach ((string key, PickleStorage storage) in reader.Storages) storages[key] = storage;
            }
            catch (ModelFormatException exception)
            {
                notes.Fail($"{Parts[i]}: {exception.Message}");
            }

            // The positions count from the beginning of the file already.
            notes.Add(report, "pickle");
            if (i == 3) notes.Tensors.AddRange(PickleTensorNames.Of(values[i]));
            TensorCheck.Inspect(report.Tensors, "pickle", notes);
            if (notes.Problem is not null) return values[3];
        }
        if (values[1] is not 1001L || values[2] is not PickleDictionary)
            notes.Suspicion("pickle", "header", "", "its protocol or system is not what torch writes.");
        if (values[4] is PickleList keys) Storages(part, keys, storages, input.Position, notes);
        else notes.Fail("The list of storages is missing.");
        return values[3];
    }

    private static void Storages(FilePart part, PickleList keys, Dictionary<string, PickleStorage> storages, long at, InspectionNotes notes)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || !seen.Add(key) || !storages.TryGetValue(key, out PickleStorage? storage))
            {
                notes.Fail(FormattableString.Invariant($"byte {at}: a storage is listed that no tensor uses, or listed twice."));
                return;
            }
            byte[] field = part.Read(at, sizeof(long));
            long count = field.Length == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(field) : -1;
            int size = TensorCheck.ElementSize(storage.Type) ?? 0;
            at += sizeof(long);
            if (size == 0 || count < 0 || count > (part.Length - at) / size)
            {
                notes.Fail(FormattableString.Invariant($"byte {at}: the storage '{InspectionNotes.Cut(key)}' is missing ")
                    + "or reaches beyond the end of the file. It is cut short; fetch it again.");
                return;
            }
            string place = $"storage {InspectionNotes.Cut(key)}";
            if (count != storage.Count)
                notes.Suspicion(place, "storage", "", FormattableString.Invariant(
                    $"the pickle describes {storage.Count} elements, the file has {count}."));
            HiddenContent.Inspect(part.Slice(at, count * size), place, notes, depth: 1, isLoose: false);
            at += count * size;
        }
        foreach (string key in storages.Keys.Where(key => !seen.Contains(key)).Take(20))
        {
            notes.Suspicion($"storage {InspectionNotes.Cut(key)}", "storage", "", "the pickle names it, and the file has no such storage.");
        }
        if (at == part.Length) return;
        string position = FormattableString.Invariant($"byte {at}");
        notes.Suspicion(position, "trailing", "", FormattableString.Invariant($"{part.Length - at} bytes stand behind the last storage."));
        HiddenContent.Inspect(part.Slice(at, part.Length - at), position, notes, depth: 1);
    }
}
