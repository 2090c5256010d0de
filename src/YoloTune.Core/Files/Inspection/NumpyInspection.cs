using System.Buffers.Binary;
using System.Text;

namespace YoloTune.Files.Inspection;

/// <summary>A NumPy array: numbers, or, where its type is "object", a pickle.</summary>
/// <remarks>Source: the description of the format in NumPy's documentation (numpy.lib.format).</remarks>
internal static class NumpyInspection
{
    public static void Inspect(FilePart part, string place, InspectionNotes notes)
    {
        byte[] start = part.Start(1 << 16);
        if (start.Length < 12) return;
        bool isWide = start[6] > 1;
        long length = isWide
            ? BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8))
            : BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        int headerAt = isWide ? 12 : 10;
        string header = Encoding.Latin1.GetString(start, headerAt, (int)Math.Min(length, start.Length - headerAt));
        int type = header.IndexOf("'descr'", StringComparison.Ordinal);
        bool isObject = type >= 0 && header[type..].Contains('O', StringComparison.Ordinal);
        if (!isObject) return;
        notes.Suspicion(place, "object array", "", "it is an array of Python objects, which NumPy reads as a pickle.");
        FilePart pickle = part.Slice(headerAt + length, part.Length);
        string position = FormattableString.Invariant($"{place}, byte {headerAt + length}");
        PickleRow.InspectHidden(pickle, position, notes, isLoose: true);
    }
}
