using System.Text.Json;
using YoloTune.Basics;

namespace YoloTune.Downloads;

/// <summary>
/// What has been downloaded of a file so far (FILE.part), and beside it (FILE.part.json) what it is a part of, so that a later attempt,
/// also of another process, can go on where this one ended.
/// </summary>
internal sealed class PartFile(string target)
{
    /// <summary>The file with the bytes.</summary>
    public string Path { get; } = target + ".part";

    private string NotePath => Path + ".json";

    /// <summary>The bytes that are there.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Whether a file has the name that no download of ours has begun: a browser uses the extension too.</summary>
    public bool IsForeign => Length > 0 && !File.Exists(NotePath);

    /// <summary>What the bytes are a part of; null when there are none, or when they are from another address.</summary>
    public PartNote? ReadNote(Uri source)
    {
        try
        {
            if (Length == 0 || !File.Exists(NotePath)) return null;
            PartNote? note = JsonSerializer.Deserialize<PartNote>(SharedFile.ReadAllBytes(NotePath));
            return note?.Source == source.AbsoluteUri && note.Validator is not null ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Says what the bytes to come are a part of.</summary>
    public void WriteNote(PartNote note) => File.WriteAllBytes(NotePath, JsonSerializer.SerializeToUtf8Bytes(note));

    /// <summary>Opens the file to write behind the bytes that are there, or from the start.</summary>
    public FileStream Open(long from)
    {
        FileStream stream = new(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete, 1);
        if (stream.Length != from) stream.SetLength(from);
        stream.Position = from;
        return stream;
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete(bool overwrite)
    {
        if (!overwrite && File.Exists(target)) throw new IOException($"'{target}' exists already.");
        AtomicFile.Move(Path, target);
        File.Delete(NotePath);
    }

    /// <summary>Takes both files away.</summary>
    public void Delete()
    {
        File.Delete(Path);
        File.Delete(NotePath);
    }
}
