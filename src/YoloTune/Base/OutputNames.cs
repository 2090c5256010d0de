using System.Globalization;

namespace YoloTune.Commands.Base;

/// <summary>Names annotated pictures after their images; images of the same name from different folders get a number.</summary>
internal sealed class OutputNames(string? folder)
{
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    public string For(string image)
    {
        string stem = Path.GetFileNameWithoutExtension(image);
        string extension = Path.GetExtension(image).ToLowerInvariant() is ".png" ? ".png" : ".jpg";
        string name = stem + extension;
        for (int number = 2; !taken.Add(name); number++) name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}{extension}");
        return Path.Combine(folder ?? "", name);
    }
}
