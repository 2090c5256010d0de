using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;

namespace YoloTune.Files;

/// <summary>Opens a model's file for reading, and puts into words why that is not possible.</summary>
internal static class ModelFile
{
    /// <summary>Opens a file that is there, can be read and is not empty.</summary>
    public static SafeFileHandle Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new ModelFormatException(
                "this is a folder, not a model file.", path,
                remedy: "Give a file in it; a training run has weights/best.pt and weights/last.pt.");
        }
        if (!File.Exists(path)) throw new ModelFormatException("there is no such file.", path);
        SafeFileHandle handle;
        try
        {
            handle = SharedFile.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"the file cannot be read: {exception.Message}", path, inner: exception);
        }
        if (RandomAccess.GetLength(handle) > 0) return handle;
        handle.Dispose();
        throw new ModelFormatException("the file is empty.", path, remedy: "Fetch it again.");
    }

    /// <summary>Fills a span from a place in the file.</summary>
    public static void ReadExactly(SafeFileHandle handle, Span<byte> target, long offset, string path)
    {
        try
        {
            while (target.Length > 0)
            {
                int count = RandomAccess.Read(handle, target, offset);
                if (count == 0)
                {
                    throw new ModelFormatException("the file ends too early.", path, FormattableString.Invariant($"byte {offset}"));
                }
                target = target[count..];
                offset += count;
            }
        }
        catch (IOException exception)
        {
            throw new ModelFormatException($"the file cannot be read: {exception.Message}", path, inner: exception);
        }
    }

    /// <summary>Reads a part of the file whose length has been checked against the file's.</summary>
    public static byte[] Read(SafeFileHandle handle, long offset, int count, string path)
    {
        byte[] bytes = new byte[count];
        ReadExactly(handle, bytes, offset, path);
        return bytes;
    }
}
