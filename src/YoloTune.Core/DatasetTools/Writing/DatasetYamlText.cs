using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Writing;

/// <summary>Writes the YAML of a dataset: splits and class names. Its folder is the dataset's folder, so that no path is written.</summary>
internal static class DatasetYamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the file.</summary>
    /// <param name="comment">One line that tells where the dataset comes from.</param>
    /// <param name="splits">Each split with its folders, lists or images, as they are to be written.</param>
    /// <param name="names">Class names by id.</param>
    /// <param name="keypoints">The keypoints of the objects; null for none.</param>
    public static string Compose(
        string comment, IEnumerable<(string Split, IReadOnlyList<string> Paths)> splits, IReadOnlyList<string> names,
        KeypointShape? keypoints = null)
    {
        StringBuilder yaml = new();
        yaml.Append("# ").Append(comment.ReplaceLineEndings(" ")).Append('\n');
        foreach ((string split, IReadOnlyList<string> paths) in splits)
        {
            yaml.Append(split).Append(':');
            if (paths.Count == 1) yaml.Append(' ').Append(Quote(paths[0])).Append('\n');
            else
            {
                yaml.Append('\n');
                foreach (string path in paths) yaml.Append("  - ").Append(Quote(path)).Append('\n');
            }
        }
        yaml.Append("names:\n");
        for (int i = 0; i < names.Count; i++)
            yaml.Append("  ").Append(i.ToString(CultureInfo.InvariantCulture)).Append(": ").Append(Quote(names[i])).Append('\n');
        if (keypoints is not null) AddKeypoints(yaml, keypoints);
        return yaml.ToString();
    }

    private static void AddKeypoints(StringBuilder yaml, KeypointShape keypoints)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"kpt_shape: [{keypoints.Count}, {keypoints.Dimensions}]\n");
        if (keypoints.FlipIndex is { } flips) yaml.Append(CultureInfo.InvariantCulture, $"flip_idx: [{string.Join(", ", flips)}]\n");
        if (keypoints.Names.Count == 0) return;
        yaml.Append("kpt_names:\n");
        foreach ((int id, IReadOnlyList<string> list) in keypoints.Names.OrderBy(entry => entry.Key))
            yaml.Append(CultureInfo.InvariantCulture, $"  {id}: [{string.Join(", ", list.Select(Quote))}]\n");
    }

    /// <summary>A path as a YAML of a folder has it: relative with forward slashes below the folder, otherwise the full path.</summary>
    public static string PathBelow(string folder, string path)
    {
        string found = IsOutside(folder, path) ? path : Path.GetRelativePath(folder, path);
        return Path.DirectorySeparatorChar == '\\' ? found.Replace('\\', '/') : found;
    }

    /// <summary>Whether a path does not lie below a folder.</summary>
    public static bool IsOutside(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) || relative == ".."
            || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    // A single-quoted text has no escapes but its own quote; only control characters need the other kind.
    private static string Quote(string text)
    {
        if (text.Any(char.IsControl)) return JsonSerializer.Serialize(text, Readable);
        bool plain = text.Length > 0 && char.IsAsciiLetter(text[0])
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '.')
            && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
        return plain ? text : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }
}
