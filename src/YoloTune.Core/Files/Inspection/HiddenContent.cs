using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>Looks at bytes that have no business where they stand: they may be an archive or a pickle that another program finds.</summary>
internal static class HiddenContent
{
    /// <summary>Archives in archives are followed this deep.</summary>
    public const int MaxDepth = 3;

    /// <summary>Says what a part is, and adds what it would run.</summary>
    /// <returns>True where something was found.</returns>
    public static bool Inspect(FilePart part, string place, InspectionNotes notes, int depth, bool isLoose = true)
    {
        if (part.Length == 0) return false;
        byte[] start = part.Start(FileSignature.Length);
        if (FileSignature.Of(start) is { } kind)
        {
            notes.Suspicion(place, "nested", "", $"it is {kind}.");
            if (depth >= MaxDepth) notes.Fail($"{place}: archives are nested deeper than the limit of {MaxDepth}.");
            else if (TorchArchive.IsZip(start)) new ArchiveInspection(part, notes, place + " > ", depth + 1).Inspect();
            else if (FileSignature.IsNumpy(start)) NumpyInspection.Inspect(part, place, notes);
            return true;
        }
        if (!PickleRow.InspectHidden(part, place, notes, isLoose)) return false;
        notes.Suspicion(place, "nested", "", "it is a pickle.");
        return true;
    }
}
