using System.Security.Cryptography;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Checks;

/// <summary>What two image files are compared by.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">SHA-256 of the file, as hexadecimal digits.</param>
/// <param name="Picture">The perceptual hash; null when it was not asked for or the image cannot be decoded.</param>
public sealed record ImageFingerprint(string Path, string Content, ImageHash? Picture)
{
    /// <summary>Reads the fingerprints of files, in their order.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="pictures">Whether to decode the images too.</param>
    /// <param name="progress">Told the number of files read, and of all.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static IReadOnlyList<ImageFingerprint> Read(
        IReadOnlyList<string> paths, bool pictures, IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default)
    {
        ImageFingerprint[] prints = new ImageFingerprint[paths.Count];
        int done = 0;
        Parallel.For(0, paths.Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            prints[i] = new(paths[i], ContentOf(paths[i]), pictures ? PictureOf(paths[i]) : null);
            progress?.Report((Interlocked.Increment(ref done), paths.Count));
        });
        return prints;
    }

    private static string ContentOf(string path)
    {
        try
        {
            using FileStream file = SharedFile.Open(path);
            return Convert.ToHexString(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the image cannot be read: " + error.Message, path, remedy: "Check that the file may be read.", inner: error);
        }
    }

    private static ImageHash? PictureOf(string path)
    {
        try
        {
            return ImageHash.Of(path);
        }
        catch (DatasetException)
        {
            return null;
        }
    }
}
