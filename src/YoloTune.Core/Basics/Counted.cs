using System.Globalization;

namespace YoloTune.Basics;

/// <summary>Numbers of things in messages: "1 class", "2 classes".</summary>
internal static class Counted
{
    /// <summary>A number and its noun, in the singular for 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular: class, box, batch, image ...</param>
    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : Plural(noun))}");

    private static string Plural(string noun) => noun switch
    {
        _ when noun.EndsWith('s') || noun.EndsWith('x') || noun.EndsWith("tch", StringComparison.Ordinal) => noun + "es",
        _ when noun.EndsWith("try", StringComparison.Ordinal) => noun[..^1] + "ies",
        _ => noun + "s",
    };
}
