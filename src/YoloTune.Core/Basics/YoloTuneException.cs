namespace YoloTune.Basics;

/// <summary>
/// The base of everything YoloTune throws on bad input. It carries the place and the remedy as data, so that no caller has to parse a
/// message to find out what happened.
/// </summary>
public abstract class YoloTuneException : Exception
{
    /// <summary>Describes what was wrong, where, and what to do.</summary>
    /// <param name="message">What was wrong, in one sentence that names the offending value.</param>
    /// <param name="file">The file concerned, or null when there is none.</param>
    /// <param name="position">The place inside the file: "line 3", "byte 120", "layer 4", "tensor model.0.conv.weight".</param>
    /// <param name="remedy">What the user can do about it, as a sentence.</param>
    /// <param name="inner">The cause, where a library reported it.</param>
    protected YoloTuneException(string message, string? file = null, string? position = null, string? remedy = null,
        Exception? inner = null)
        : base(Compose(message, file, position, remedy), inner)
    {
        Reason = message;
        File = file;
        Position = position;
        Remedy = remedy;
    }

    /// <summary>What was wrong, without the place and the remedy.</summary>
    public string Reason { get; }

    /// <summary>The file concerned, or null.</summary>
    public string? File { get; }

    /// <summary>The place inside <see cref="File"/>, or null.</summary>
    public string? Position { get; }

    /// <summary>What the user can do about it, or null.</summary>
    public string? Remedy { get; }

    private static string Compose(string message, string? file, string? position, string? remedy)
    {
        string place = (file, position) switch
        {
            (null, null) => "",
            (null, _) => position + ": ",
            (_, null) => $"'{file}': ",
            _ => $"'{file}', {position}: ",
        };
        return remedy is null ? place + message : $"{place}{message} {remedy}";
    }
}
