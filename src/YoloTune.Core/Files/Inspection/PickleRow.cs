using YoloTune.Basics;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Pickles, one behind the other. Python reads the first and stops; what comes after its STOP is read by a program that asks once more, or
/// by nobody, so that it is a place to hide in.
/// </summary>
internal static class PickleRow
{
    private const int MostPickles = 10_000;

    /// <summary>Reads the pickle that a part of a file is, and accounts for what stands behind it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="place">Its name: "data.pkl".</param>
    /// <param name="notes">Takes the findings, and the problem where it cannot be read to its end.</param>
    /// <param name="storages">Takes the storages that it names.</param>
    /// <returns>What it describes; null where it cannot be read.</returns>
    public static object? Inspect(FilePart part, string place, InspectionNotes notes, Dictionary<string, PickleStorage>? storages = null)
    {
        PickleInput input = part.Input(place);
        PickleReport report = new();
        object? root = null;
        bool isWhole = false;
        try
        {
            if (part.Length > notes.Limits.MaxTotalBytes) throw PickleReader.TooLong(input, notes.Limits);
            PickleReader reader = new(input, notes.Limits, report);
            root = reader.Read();
            isWhole = true;
            if (report.Refusal is { } refusal) notes.Fail(refusal);
            foreach ((string key, PickleStorage storage) in reader.Storages) storages?.TryAdd(key, storage);
            notes.Tensors.AddRange(PickleTensorNames.Of(root));
            TensorCheck.Inspect(report.Tensors, place, notes);
            if (PickleSize.ExceedsLimit(root, notes.Limits))
            {
                notes.Suspicion(place, "expansion", "", "its values repeat each other so often that walking them never ends.");
            }
        }
        catch (ModelFormatException exception)
        {
            notes.Fail(exception.Message);
            notes.Tensors.AddRange(report.Tensors.Select(tensor => PickleTensorNames.Describe(tensor, "")));
        }
        notes.Add(report, place);
        if (isWhole) Trailing(part, place, input.Position, notes);
        return root;
    }

    /// <summary>What a hidden part would run, if it is a row of pickles; nothing is said where it is none.</summary>
    /// <param name="part">The part.</param>
    /// <param name="place">Its name.</param>
    /// <param name="notes">Takes the findings.</param>
    /// <param name="isLoose">True also for pickles of protocol 0, which begin like any text.</param>
    /// <returns>True where it is a pickle to its STOP, or holds something that would run.</returns>
    public static bool InspectHidden(FilePart part, string place, InspectionNotes notes, bool isLoose)
    {
        byte[] start = part.Start(2);
        bool isMarked = start is [0x80, >= 2 and <= 5];
        if (!isMarked && !isLoose) return false;
        bool found = false;
        // One input for all: each has a buffer of its own, and a row may have thousands of pickles of two bytes.
        PickleInput input = part.Input(place);
        for (int i = 0; input.Remaining > 0; i++)
        {
            if (i == MostPickles)
            {
                notes.Fail(FormattableString.Invariant(
                    $"{place}: more than {MostPickles} pickles stand in a row; the rest is not looked at."));
                break;
            }
            PickleReport report = new();
            bool isWhole = false;
            try
            {
                new PickleReader(input, notes.Limits, report).Read();
                isWhole = true;
            }
            catch (ModelFormatException)
            {
                // What cannot be read on is no pickle, or ends being one here; what was found before counts.
            }
            bool isDangerous = report.Findings.Any(finding => !finding.IsSuspicion && finding.Global is not null);
            if (isDangerous) notes.Add(report, place);
            found |= isDangerous || (isWhole && isMarked);
            if (!isWhole) break;
        }
        return found;
    }

    private static void Trailing(FilePart part, string place, long end, InspectionNotes notes)
    {
        long count = part.Length - end;
        if (count <= 0) return;
        string position = FormattableString.Invariant($"{place}, byte {end}");
        notes.Suspicion(position, "trailing", "", FormattableString.Invariant($"{count} bytes stand behind the end of the pickle."));
        HiddenContent.Inspect(part.Slice(end, count), position, notes, depth: 1);
    }
}
