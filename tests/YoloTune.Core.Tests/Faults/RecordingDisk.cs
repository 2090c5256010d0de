using YoloTune.Basics;

namespace YoloTune.Tests.Faults;

/// <summary>
/// Writes down everything that is asked of the disk, so that a power cut can be played at any moment: what was not brought to the disk by
/// then may be there, in part, or not at all.
/// </summary>
internal sealed class RecordingDisk : FileLayer, IDisposable
{
    private readonly FileLayer before = Current;
    private readonly string root;
    private readonly List<Step> steps = [];
    private int files;

    public RecordingDisk(string root)
    {
        this.root = root;
        Current = this;
    }

    private abstract record Step;

    private sealed record Created(int File, string Path) : Step;

    private sealed record Written(int File, long At, byte[] Bytes) : Step;

    private sealed record Flushed(int File) : Step;

    private sealed record Renamed(string Source, string Target) : Step;

    private sealed record FolderFlushed(string Folder) : Step;

    /// <summary>How many steps have been recorded.</summary>
    public int Count => steps.Count;

    public override Stream Create(string path)
    {
        Stream stream = base.Create(path);
        int file = files++;
        steps.Add(new Created(file, path));
        return new Recorder(stream, this, file);
    }

    public override void Flush(Stream stream)
    {
        Recorder recorder = (Recorder)stream;
        base.Flush(recorder.Inner);
        steps.Add(new Flushed(recorder.File));
    }

    public override void Replace(string source, string target)
    {
        base.Replace(source, target);
        steps.Add(new Renamed(source, target));
    }

    public override void FlushFolder(string folder)
    {
        base.FlushFolder(folder);
        steps.Add(new FolderFlushed(folder));
    }

    public void Dispose() => Current = before;

    /// <summary>
    /// The files after a power cut: their names under the root and their contents. Of what was not flushed a part that
    /// <paramref name="random"/> chooses is there: a beginning of the renames, in their order, and any of the writes.
    /// </summary>
    /// <param name="cut">The step before which the power goes.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="heedsFlushes">False plays a writer that flushes nothing.</param>
    public Dictionary<string, byte[]> After(int cut, Random random, bool heedsFlushes = true)
    {
        Dictionary<string, int> live = [], kept = [];
        List<(string Source, string Target, int File, bool IsSafe)> renames = [];
        for (int i = 0; i < cut; i++)
        {
            switch (steps[i])
            {
                case Created created: live[created.Path] = created.File; break;
                case Renamed renamed when live.Remove(renamed.Source, out int file):
                    live[renamed.Target] = file;
                    renames.Add((renamed.Source, renamed.Target, file, false));
                    break;
                case FolderFlushed flushed when heedsFlushes:
                    renames = [.. renames.Select(rename =>
                        rename with { IsSafe = rename.IsSafe || Path.GetDirectoryName(rename.Target) == flushed.Folder })];
                    break;
            }
        }
        int lucky = random.Next(renames.Count(rename => !rename.IsSafe) + 1);
        foreach ((string source, string target, int file, bool isSafe) in renames)
        {
            if (!isSafe && lucky-- <= 0) continue;
            kept.Remove(source);
            kept[target] = file;
        }
        return kept.ToDictionary(entry => Path.GetRelativePath(root, entry.Key), entry => Content(entry.Value, cut, random, heedsFlushes));
    }

    private byte[] Content(int file, int cut, Random random, bool heedsFlushes)
    {
        List<Written> pending = [];
        MemoryStream content = new();
        void Write(Written step)
        {
            content.Position = step.At;
            content.Write(step.Bytes);
        }
        for (int i = 0; i < cut; i++)
        {
            if (steps[i] is Written written && written.File == file) pending.Add(written);
            if (!heedsFlushes || steps[i] is not Flushed flushed || flushed.File != file) continue;
            foreach (Written step in pending) Write(step);
            pending.Clear();
        }
        int chance = random.Next(3);
        foreach (Written step in pending)
        {
            if (random.Next(2) < chance) Write(step);
        }
        return content.ToArray();
    }

    private sealed class Recorder(Stream inner, RecordingDisk disk, int file) : Stream
    {
        public Stream Inner => inner;

        public int File => file;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            disk.steps.Add(new Written(file, inner.Position, buffer.ToArray()));
            inner.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
