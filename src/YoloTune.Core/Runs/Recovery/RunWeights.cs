using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Models;

namespace YoloTune.Runs.Recovery;

/// <summary>Reads weights of a run, of which there are two files: one that is missing or damaged is no reason to lose the run.</summary>
internal static class RunWeights
{
    /// <summary>Reads a file, or another in its place.</summary>
    /// <param name="path">The file that is wanted.</param>
    /// <param name="other">The file that does as well.</param>
    /// <param name="warn">Told when the first is damaged.</param>
    /// <exception cref="ModelFormatException">Neither can be read.</exception>
    public static YoloModel Read(string path, string other, Action<string>? warn)
    {
        if (!File.Exists(path)) return ModelImporter.Import(other);
        try
        {
            return ModelImporter.Import(path);
        }
        catch (ModelFormatException error) when (File.Exists(other))
        {
            YoloModel model = ModelImporter.Import(other);
            warn?.Invoke($"{error.Message} '{other}' is read in its place.");
            return model;
        }
    }
}
