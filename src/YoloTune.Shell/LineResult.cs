namespace YoloTune.Shell;

internal readonly record struct LineResult(LineOutcome Outcome, string Text);
