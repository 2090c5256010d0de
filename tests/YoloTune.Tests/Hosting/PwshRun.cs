namespace YoloTune.Commands.Tests.Hosting;

/// <summary>What a run of PowerShell left behind.</summary>
internal sealed record PwshRun(int ExitCode, string Output, string Error);
