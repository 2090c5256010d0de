using SkiaSharp;

namespace YoloTune.Tests.Drawing;

/// <summary>
/// A folder of one test, with spaces, brackets and CJK characters in its path, removed afterwards. Set YOLOTUNE_PICTURES to a folder
/// to keep the pictures there as PNG and look at them.
/// </summary>
internal sealed class Scratch : IDisposable
{
    private static readonly string? Kept = Environment.GetEnvironmentVariable("YOLOTUNE_PICTURES");

    public string Folder { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"yolo [tune] 画像 {Guid.NewGuid():N}");

    /// <summary>A path inside the folder; the folder itself does not exist yet.</summary>
    public string Path(string name) => System.IO.Path.Combine(Folder, "sub", name);

    public void Dispose()
    {
        if (!Directory.Exists(Folder)) return;
        if (Kept is not null)
        {
            Directory.CreateDirectory(Kept);
            foreach (string file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
            {
                using SKBitmap? picture = SKBitmap.Decode(file);
                if (picture is null) continue;
                string name = System.IO.Path.GetFileNameWithoutExtension(file) + ".png";
                using FileStream copy = File.Create(System.IO.Path.Combine(Kept, name));
                picture.Encode(copy, SKEncodedImageFormat.Png, 100);
            }
        }
        Directory.Delete(Folder, recursive: true);
    }
}
