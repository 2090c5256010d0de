using YamlDotNet.RepresentationModel;

namespace YoloTune.Data;

/// <summary>Keys of a description that are not read although they look like one that is missing: <c>valid</c> for <c>val</c>.</summary>
internal static class DatasetKeys
{
    private static readonly (string Key, string[] Others)[] Likeness =
    [
        ("train", ["training", "train_path", "train_images"]),
        ("val", ["valid", "validate", "eval", "dev", "val_path", "valid_path", "val_images"]),
        ("test", ["testing", "test_path", "test_images"]),
        ("names", ["name", "classes", "class", "class_names", "classnames", "class_name", "labels", "label_names", "categories"]),
        ("nc", ["num_classes", "number_of_classes", "n_classes", "numclasses", "class_count"]),
        ("path", ["root", "dataset_path", "data_path", "base_path", "dir"]),
    ];

    /// <summary>For each missing key the one that may be meant by it, with its line.</summary>
    public static IReadOnlyDictionary<string, UnreadKey> Unread(YamlMappingNode content, Func<string, bool> isThere)
    {
        Dictionary<string, UnreadKey> unread = [];
        foreach ((string key, string[] others) in Likeness.Where(entry => !isThere(entry.Key)))
        {
            foreach (YamlScalarNode node in content.Children.Keys.OfType<YamlScalarNode>())
            {
                if (node.Value is not { } name || name == key || !IsLike(name, key, others)) continue;
                unread[key] = new(name, (int)node.Start.Line, key);
                break;
            }
        }
        return unread;
    }

    private static bool IsLike(string name, string key, string[] others)
    {
        string lower = name.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        // Letters in the wrong order are the commonest slip.
        return lower == key || others.Contains(lower)
            || (lower.Length == key.Length && key.Length > 2 && lower.Order().SequenceEqual(key.Order()));
    }
}
