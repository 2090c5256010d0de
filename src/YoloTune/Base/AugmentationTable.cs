using System.Collections;
using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;

namespace YoloTune.Commands.Base;

/// <summary>Reads augmentation as users give it: a hashtable of the reference's names.</summary>
internal static class AugmentationTable
{
    /// <summary>The values by name, as culture-invariant text.</summary>
    /// <exception cref="SelectionException">There is no such option, or a value is out of its range.</exception>
    public static IReadOnlyDictionary<string, string> Read(Hashtable? table)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table ?? [])
        {
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            string text = value switch
            {
                // A round-trip format: the number a user typed is the number that is used.
                double number => number.ToString("R", CultureInfo.InvariantCulture),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
            _ = new AugmentationOptions().With(name, text);
            values[name] = text;
        }
        return values;
    }

    /// <summary>The default options with the values in their place.</summary>
    /// <inheritdoc cref="Read"/>
    public static AugmentationOptions ToOptions(Hashtable? table) =>
        Read(table).Aggregate(new AugmentationOptions(), (options, entry) => options.With(entry.Key, entry.Value));
}
