namespace YoloTune.DatasetTools.Splitting;

/// <summary>Writes the parts of a divided dataset.</summary>
internal interface IPartWriter
{
    /// <summary>Writes the parts.</summary>
    /// <param name="images">The images of each part, full paths.</param>
    /// <param name="cancellation">Stops it; nothing is left behind.</param>
    /// <returns>The full path of what describes the parts.</returns>
    string Write(IReadOnlyList<IReadOnlyList<string>> images, CancellationToken cancellation);
}
