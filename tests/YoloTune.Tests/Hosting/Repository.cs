namespace YoloTune.Commands.Tests.Hosting;

/// <summary>Where the checkout is that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Manifest => Path.Combine(Root, "YoloTune.psd1");

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "YoloTune.sln"))) return folder;
        }
        throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
