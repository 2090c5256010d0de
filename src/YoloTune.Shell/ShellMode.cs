namespace YoloTune.Shell;

/// <summary>What the shell was started for.</summary>
internal enum ShellMode
{
    Interactive,
    File,
    Command,
    Help,
    Version,
}
