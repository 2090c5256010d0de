using System.Collections;
using System.Globalization;
using System.Management.Automation;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands.Base;

/// <summary>
/// Lets words stand for a selection of what is frozen, as <c>freeze</c> does in Ultralytics and beyond: one number n for the first n
/// layers,
/// a list of numbers for those layers, Backbone, Neck or Head for a part, New, Transferred or Remapped for an origin, All, None, and
/// anything with a point or a wildcard for parameter names.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FreezeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = Plain(inputData);
        if (input is null or FreezeSelection) return input;
        bool isList = input is IEnumerable and not string;
        object?[] words = isList ? [.. ((IEnumerable)input).Cast<object?>().Select(Plain)] : [input];
        int[] numbers = [.. words.Select(Number).OfType<int>()];
        ItemSelection items = !isList && numbers.Length == 1 ? new() { First = numbers[0] } : new() { Layers = numbers };
        foreach (string word in words.Where(word => Number(word) is null)
            .Select(word => Convert.ToString(word, CultureInfo.InvariantCulture)!))
        {
            if (word.Equals("None", StringComparison.OrdinalIgnoreCase)) continue;
            items = word switch
            {
                _ when word.Equals("All", StringComparison.OrdinalIgnoreCase) => items with { All = true },
                _ when Named(word, out LayerPart part) => items with { Parts = [.. items.Parts, part] },
                _ when Named(word, out Origin origin) => items with { Origins = [.. items.Origins, origin] },
                _ when word.AsSpan().IndexOfAny(".*?[") >= 0 => items with { Names = [.. items.Names, word] },
                _ => throw new ArgumentTransformationMetadataException(
                    $"'{word}' says not what to freeze. Give a number of layers, layer numbers, Backbone, Neck, Head, New, Transferred, "
                    + "Remapped, All, None, or parameter names with wildcards."),
            };
        }
        return new FreezeSelection { Items = items };
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool Named<T>(string word, out T value) where T : struct, Enum =>
        Enum.TryParse(word, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsDigit(word[0]);

    private static int? Number(object? value) => value switch
    {
        int whole => whole,
        long whole and >= int.MinValue and <= int.MaxValue => (int)whole,
        string text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) => whole,
        _ => null,
    };
}
