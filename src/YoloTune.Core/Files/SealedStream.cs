using System.IO.Hashing;
using System.Text;

namespace YoloTune.Files;

/// <summary>
/// Writes a file on the way through and hashes it, and fills in at the end what depends on the hash: the places are written as zeros first.
/// </summary>
internal sealed class SealedStream(Stream inner) : Stream
{
    private readonly XxHash128 hash = new();
    private readonly long begin = inner.Position;
    private long written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => written;

    public override long Position { get => written; set => throw new NotSupportedException(); }

    /// <summary>The text of the checksum of all that was written.</summary>
    public byte[] Finish() => Encoding.ASCII.GetBytes(FileChecksum.Text(hash));

    /// <summary>Replaces bytes that were written as zeros.</summary>
    public void Fill(long at, ReadOnlySpan<byte> bytes)
    {
        long end = inner.Position;
        inner.Position = begin + at;
        inner.Write(bytes);
        inner.Position = end;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        hash.Append(buffer);
        inner.Write(buffer);
        written += buffer.Length;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
