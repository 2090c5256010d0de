using YoloTune.Basics;

namespace YoloTune.Tests.Faults;

/// <summary>A disk with room for so many bytes, for the files that this test writes.</summary>
internal sealed class FullDisk : FileLayer, IDisposable
{
    private readonly FileLayer before = Current;
    private long room;

    public FullDisk(long room)
    {
        this.room = room;
        Current = this;
    }

    /// <summary>Whether something did not fit.</summary>
    public bool WasFull { get; private set; }

    public override Stream Create(string path) => new Bounded(base.Create(path), this);

    public void Dispose() => Current = before;

    private sealed class Bounded(Stream inner, FullDisk disk) : Stream
    {
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
            // A real disk takes what fits and refuses the rest.
            int fits = (int)Math.Min(buffer.Length, disk.room);
            inner.Write(buffer[..fits]);
            disk.room -= fits;
            if (fits == buffer.Length) return;
            disk.WasFull = true;
            throw new IOException("No space left on device");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
