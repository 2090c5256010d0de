namespace YoloTune.Commands.Tests.Shell;

/// <summary>What a run of YoloTune.Shell left behind.</summary>
internal sealed record ShellRun(int ExitCode, string Output, string Error);
