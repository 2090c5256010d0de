using System.Globalization;
using System.Text.RegularExpressions;

namespace YoloTune.Basics;

/// <summary>
/// Reads scalars the way the reference does: PyYAML's rules for plain scalars, and Python literals where a text stands in a row's
/// arguments.
/// </summary>
internal static partial class PythonLiteral
{
    /// <summary>A plain YAML scalar: null, bool, long, double or the text itself.</summary>
    public static object? FromYaml(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => Number(text) ?? text,
    };

    /// <summary>A Python literal (None, True, False, a number, a quoted text, a list or tuple of them), or the text itself.</summary>
    public static object? Evaluate(string text)
    {
        string trimmed = text.Trim();
        return TryParse(trimmed, out object? value) ? value : text;
    }

    private static bool TryParse(string text, out object? value)
    {
        value = text switch
        {
            "True" => true,
            "False" => false,
            _ => Number(text),
        };
        if (value is not null || text == "None") return true;
        if (text.Length < 2) return false;
        (char first, char last) = (text[0], text[^1]);
        if (first is '\'' or '"' && first == last && text.IndexOf(first, 1) == text.Length - 1)
        {
            value = text[1..^1];
            return true;
        }
        if ((first, last) is not (('[', ']') or ('(', ')'))) return false;
        List<object?> items = [];
        foreach (string part in SplitItems(text[1..^1]))
        {
            if (!TryParse(part, out object? item)) return false;
            items.Add(item);
        }
        value = items;
        return true;
    }

    private static IEnumerable<string> SplitItems(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                string item = text[start..i].Trim();
                if (item.Length > 0) yield return item;
                start = i + 1;
            }
            else if (text[i] is '[' or '(')
            {
                depth++;
            }
            else if (text[i] is ']' or ')')
            {
                depth--;
            }
        }
    }

    private static object? Number(string text)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (IntegerPattern().IsMatch(text)
            && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return integer;
        if (FloatPattern().IsMatch(text) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            return real;
        return null;
    }

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex FloatPattern();
}
