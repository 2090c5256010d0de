using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>The options by the names and within the ranges of the reference.</summary>
internal static class AugmentationNames
{
    private sealed record Entry(
        string Name, double Low, double High, Func<AugmentationOptions, double> Get,
        Func<AugmentationOptions, double, AugmentationOptions> Set);

    private const string ModeName = "copy_paste_mode";
    private const string TilesName = "mosaic_n";
    private const string AutoName = "auto_augment";

    private static readonly Entry[] Entries =
    [
        new("hsv_h", 0, 1, o => o.HsvH, (o, v) => o with { HsvH = v }),
        new("hsv_s", 0, 1, o => o.HsvS, (o, v) => o with { HsvS = v }),
        new("hsv_v", 0, 1, o => o.HsvV, (o, v) => o with { HsvV = v }),
        new("degrees", 0, 180, o => o.Degrees, (o, v) => o with { Degrees = v }),
        new("translate", 0, 1, o => o.Translate, (o, v) => o with { Translate = v }),
        new("scale", 0, 1, o => o.Scale, (o, v) => o with { Scale = v }),
        new("shear", 0, 89, o => o.Shear, (o, v) => o with { Shear = v }),
        new("perspective", 0, 0.01, o => o.Perspective, (o, v) => o with { Perspective = v }),
        new("flipud", 0, 1, o => o.FlipUd, (o, v) => o with { FlipUd = v }),
        new("fliplr", 0, 1, o => o.FlipLr, (o, v) => o with { FlipLr = v }),
        new("bgr", 0, 1, o => o.Bgr, (o, v) => o with { Bgr = v }),
        new("mosaic", 0, 1, o => o.Mosaic, (o, v) => o with { Mosaic = v }),
        new("mixup", 0, 1, o => o.MixUp, (o, v) => o with { MixUp = v }),
        new("cutmix", 0, 1, o => o.CutMix, (o, v) => o with { CutMix = v }),
        new("copy_paste", 0, 1, o => o.CopyPaste, (o, v) => o with { CopyPaste = v }),
        new("erasing", 0, 1, o => o.Erasing, (o, v) => o with { Erasing = v }),
        new("multi_scale", 0, 0.95, o => o.MultiScale, (o, v) => o with { MultiScale = v }),
    ];

    public static IReadOnlyCollection<string> All { get; } = [.. Entries.Select(entry => entry.Name), ModeName, TilesName, AutoName];

    public static AugmentationOptions Set(AugmentationOptions options, string name, object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (name.Equals(ModeName, StringComparison.OrdinalIgnoreCase))
        {
            return Enum.TryParse(text, ignoreCase: true, out CopyPasteMode mode) && Enum.IsDefined(mode)
                ? options with { CopyPasteMode = mode }
                : throw new SelectionException($"'{text}' is not a mode of {ModeName}.", remedy: "Use flip or mixup.");
        }
        if (name.Equals(AutoName, StringComparison.OrdinalIgnoreCase))
        {
            return Enum.TryParse(text.Length == 0 ? "none" : text, ignoreCase: true, out AutoAugmentKind kind)
                && Enum.IsDefined(kind) && !char.IsAsciiDigit(text.FirstOrDefault())
                ? options with { AutoAugment = kind }
                : throw new SelectionException($"'{text}' is not a kind of {AutoName}.",
                    remedy: "Use randaugment, autoaugment, augmix or none.");
        }
        Entry? entry = Array.Find(Entries, candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        bool isTiles = name.Equals(TilesName, StringComparison.OrdinalIgnoreCase);
        if (entry is null && !isTiles)
        {
            throw new SelectionException(
                $"there is no augmentation option '{name}'.", remedy: "The options are: " + string.Join(", ", All) + ".");
        }
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            throw new SelectionException($"'{text}' is not a number ({name}).");
        if (isTiles)
        {
            return number is 4 or 9
                ? options with { MosaicTiles = (int)number }
                : throw new SelectionException($"{TilesName} is {text}; a mosaic has 4 or 9 images.");
        }
        if (number < entry!.Low || number > entry.High)
        {
            throw new SelectionException(FormattableString.Invariant(
                $"{entry.Name} is {number}, but it must lie between {entry.Low} and {entry.High}."));
        }
        return entry.Set(options, number);
    }

    public static IReadOnlyDictionary<string, object> ToDictionary(AugmentationOptions options)
    {
        Dictionary<string, object> values = [];
        foreach (Entry entry in Entries) values.Add(entry.Name, entry.Get(options));
        values.Add(ModeName, options.CopyPasteMode.ToString().ToLowerInvariant());
        values.Add(TilesName, options.MosaicTiles);
        values.Add(AutoName, options.AutoAugment.ToString().ToLowerInvariant());
        return values;
    }
}
