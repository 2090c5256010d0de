namespace YoloTune.Shell;

/// <summary>What the standard streams are connected to, asked once at the start.</summary>
internal sealed class Terminal
{
    /// <summary>Columns where no terminal says otherwise: every view of the module fits, and so do lines in a log.</summary>
    public const int DefaultWidth = 120;

    /// <summary>Lines where no terminal says otherwise.</summary>
    public const int DefaultHeight = 50;

    private Terminal()
    {
        bool dumb = string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        bool capable = !dumb && WindowsConsole.EnableEscapeSequences();
        Input = !Console.IsInputRedirected;
        Output = !Console.IsOutputRedirected;
        Error = !Console.IsErrorRedirected;
        Escapes = Output && capable;
        // https://no-color.org: any value but the empty one.
        Colours = Escapes && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    /// <summary>Whether input comes from a keyboard.</summary>
    public bool Input { get; }

    /// <summary>Whether output goes to a screen.</summary>
    public bool Output { get; }

    /// <summary>Whether errors go to a screen.</summary>
    public bool Error { get; }

    /// <summary>Whether the screen understands escape sequences that move the cursor.</summary>
    public bool Escapes { get; }

    /// <summary>Whether colours are wanted.</summary>
    public bool Colours { get; }

    /// <summary>Whether lines can be edited key by key.</summary>
    public bool CanEdit => Input && Escapes;

    public int Width => Output ? Positive(() => Console.WindowWidth, DefaultWidth) : DefaultWidth;

    public int Height => Output ? Positive(() => Console.WindowHeight, DefaultHeight) : DefaultHeight;

    public static Terminal Open() => new();

    private static int Positive(Func<int> read, int otherwise)
    {
        try
        {
            int value = read();
            return value > 0 ? value : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
