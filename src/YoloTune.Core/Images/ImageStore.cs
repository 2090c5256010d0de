using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>
/// Loads images with their longer side resized to the image size, and keeps them as its options say. Several threads may load at once;
/// an image asked for by two of them is decoded once.
/// </summary>
internal sealed class ImageStore : IDisposable
{
    /// <summary>
    /// Bytes of the images used last that are kept without any cache: mosaics ask for an image about four times. It is room for 128 images
    /// of 640 x 480 pixels, the partners of a mosaic in batches of 16.
    /// </summary>
    public const long RecentBytes = 160L << 20;

    private readonly ImageStoreOptions options;
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byUse = [];
    private readonly DiskCache? disk;
    private readonly long bound;
    private readonly bool evicts;
    private long kept;

    /// <summary>Opens an empty store.</summary>
    public ImageStore(ImageStoreOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ImageSize ?? 1);
        this.options = options;
        bool memory = options.Cache == ImageCacheMode.Memory;
        bound = memory ? options.CacheBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 : RecentBytes;
        // A cache for the whole dataset that is too small for it serves best when what is in it stays.
        evicts = !memory;
        if (options.Cache == ImageCacheMode.Disk) disk = new DiskCache(options.CacheDirectory, options.CacheBytes);
    }

    /// <summary>The most bytes of images this store keeps in memory.</summary>
    public long MemoryBound => bound;

    /// <summary>The most bytes of images this store keeps in files; 0 without a disk cache.</summary>
    public long DiskBound => disk?.Bound ?? 0;

    /// <summary>Bytes of images in memory now.</summary>
    public long BytesKept => Interlocked.Read(ref kept);

    /// <summary>The image, its longer side resized to the image size; the caller disposes its part in it.</summary>
    /// <exception cref="DatasetException">The file is missing or damaged.</exception>
    public ImageBuffer Load(string path)
    {
        Entry entry;
        lock (entries)
        {
            if (entries.TryGetValue(path, out LinkedListNode<Entry>? node))
            {
                byUse.Remove(node);
                byUse.AddLast(node);
                entry = node.Value;
            }
            else
            {
                entry = new Entry(path);
                if (evicts || kept < bound) entries.Add(path, byUse.AddLast(entry));
            }
        }
        // One thread decodes, others that want the same image wait for it; other images are not held up.
        lock (entry)
        {
            if (entry.Image is { } ready && ready.TryShare()) return ready;
            ImageBuffer image = Read(path);
            Keep(entry, image);
            return image;
        }
    }

    /// <summary>Frees everything that is kept.</summary>
    public void Dispose()
    {
        lock (entries)
        {
            foreach (Entry entry in byUse) entry.Image?.Dispose();
            byUse.Clear();
            entries.Clear();
        }
        disk?.Dispose();
    }

    private void Keep(Entry entry, ImageBuffer image)
    {
        lock (entries)
        {
            // The entry may have been pushed out, or replaced, while its image was decoded.
            if (!entries.TryGetValue(entry.Path, out LinkedListNode<Entry>? node) || node.Value != entry) return;
            if (!evicts && kept + image.StorageBytes > bound)
            {
                Remove(entry.Path);
                return;
            }
            entry.Image = image.Share();
            kept += image.StorageBytes;
            while (evicts && kept > bound && byUse.First is { } oldest && oldest.Value != entry) Remove(oldest.Value.Path);
        }
    }

    private void Remove(string path)
    {
        if (!entries.Remove(path, out LinkedListNode<Entry>? node)) return;
        byUse.Remove(node);
        if (node.Value.Image is not { } image) return;
        kept -= image.StorageBytes;
        node.Value.Image = null;
        image.Dispose();
    }

    private ImageBuffer Read(string path)
    {
        string? key = disk is null ? null : Key(path);
        if (key is not null && disk!.TryRead(key) is { } cached) return cached;
        using ImageBuffer decoded = ImageDecoder.Decode(path, out ImageInfo info);
        (int height, int width) = options.ImageSize is { } size
            ? Resizer.LongSideSize(info.Height, info.Width, size) : (decoded.Height, decoded.Width);
        // What stays for good gets storage of its own size; what comes and goes uses the pool again and again.
        ImageBuffer image = evicts ? ImageBuffer.Rent(height, width) : ImageBuffer.Allocate(height, width);
        Resizer.ResizeInto(decoded, image);
        if (key is not null) disk!.Write(key, image);
        return image;
    }

    // Whatever changes the pixels is in the key, so that a file that was replaced is never taken for the old one.
    private string Key(string path)
    {
        FileInfo file = new(path);
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{path}|{(file.Exists ? file.Length : 0)}|{file.LastWriteTimeUtc.Ticks}|{options.ImageSize}|full");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 16);
    }

    private sealed class Entry(string path)
    {
        public string Path { get; } = path;

        public ImageBuffer? Image { get; set; }
    }
}
