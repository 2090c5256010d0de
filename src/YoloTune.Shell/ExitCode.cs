namespace YoloTune.Shell;

/// <summary>The exit codes of the shell; they are those of pwsh, and 130 for Ctrl+C as shells have it.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadCommandLine = 64;
    public const int Interrupted = 130;
}
