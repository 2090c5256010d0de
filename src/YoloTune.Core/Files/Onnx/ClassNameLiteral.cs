using System.Globalization;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Files.Onnx;

/// <summary>Reads class names from the Python dictionary or list that .onnx files carry: <c>{0: 'person', 1: "driver's cab"}</c>.</summary>
internal static class ClassNameLiteral
{
    /// <summary>The names in the order of their numbers.</summary>
    /// <exception cref="ModelFormatException">The text is something else, or the numbers are not 0 to n-1.</exception>
    public static IReadOnlyList<string> Parse(string literal, string file)
    {
        SortedDictionary<int, string> names = [];
        int position = 0;
        string text = literal.Trim();
        if (text is not ['{', .., '}'] and not ['[', .., ']']) throw Failure("they are no dictionary or list", file);
        bool hasNumbers = text[0] == '{';
        position++;
        while (true)
        {
            Skip();
            if (position == text.Length - 1) break;
            int number = names.Count;
            if (hasNumbers)
            {
                int start = position;
                while (position < text.Length && text[position] is not (':' or '}')) position++;
                string key = text[start..position].Trim().Trim('\'', '"');
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out number) || position >= text.Length
                    || text[position] != ':')
                    throw Failure($"'{key}' is not the number of a class", file);
                position++;
                Skip();
            }
            if (!names.TryAdd(number, Quoted())) throw Failure($"class {number} stands there twice", file);
        }
        if (names.Count == 0 || names.Keys.Last() != names.Count - 1)
            throw Failure($"the numbers are not 0 to {Math.Max(names.Count - 1, 0)}", file);
        return [.. names.Values];

        void Skip()
        {
            while (position < text.Length - 1 && (char.IsWhiteSpace(text[position]) || text[position] == ',')) position++;
        }

        string Quoted()
        {
            if (position >= text.Length || text[position] is not ('\'' or '"')) throw Failure("a name is not in quotes", file);
            char quote = text[position++];
            StringBuilder name = new();
            while (position < text.Length - 1)
            {
                char c = text[position++];
                if (c == quote) return name.ToString();
                name.Append(c == '\\' ? Escaped(text[position++]) : c);
            }
            throw Failure("a name does not end", file);
        }
    }

    private static char Escaped(char c) => c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', _ => c };

    private static ModelFormatException Failure(string reason, string file) =>
        new($"the class names cannot be read: {reason}.", file, "metadata names", "Export the model again.");
}
