using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace YoloTune.Shell;

/// <summary>Completes paths. The engine does so with commands of Microsoft.PowerShell.Management, which are not here.</summary>
internal static class FileCompletion
{
    private const string WordBreaks = " \t\n,;|&(){}=<>";
    private const string NeedQuotes = " ,;|&(){}[]<>@#$`\"'";

    /// <summary>The files and folders that the word before the cursor may mean.</summary>
    /// <param name="text">The line.</param>
    /// <param name="cursor">Index into the line.</param>
    /// <param name="folder">Where relative paths start.</param>
    public static CommandCompletion Find(string text, int cursor, string folder)
    {
        int start = WordStart(text.AsSpan(0, cursor));
        string word = text[start..cursor].TrimStart('\'', '"');
        int split = word.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) + 1;
        string parent = word[..split], prefix = word[split..];
        Collection<CompletionResult> results = [];
        foreach (FileSystemInfo entry in Entries(Resolve(parent, folder), prefix))
        {
            bool isFolder = entry is DirectoryInfo;
            string path = parent + entry.Name + (isFolder ? Path.DirectorySeparatorChar : "");
            results.Add(new(Quote(path), entry.Name, isFolder ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem,
                entry.FullName));
        }
        return new(results, -1, start, cursor - start);
    }

    private static int WordStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (quote != '\0')
            {
                if (letter == quote) quote = '\0';
            }
            else if (letter is '\'' or '"') (quote, start) = (letter, i);
            else if (WordBreaks.Contains(letter)) start = i + 1;
        }
        return start;
    }

    private static string Resolve(string parent, string folder) => parent.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), parent[2..])
        : Path.Combine(folder, parent);

    private static IEnumerable<FileSystemInfo> Entries(string folder, string prefix)
    {
        StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Where(e => e.Name.StartsWith(prefix, comparison) && (prefix.Length > 0 || !e.Name.StartsWith('.')))
                .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static string Quote(string path) => path.AsSpan().IndexOfAny(NeedQuotes) >= 0
        ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(path)}'"
        : path;
}
