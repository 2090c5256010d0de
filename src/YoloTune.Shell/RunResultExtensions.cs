namespace YoloTune.Shell;

internal static class RunResultExtensions
{
    /// <summary>The exit code of a run that did not call <c>exit</c>.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="succeeded">What <c>$?</c> says of its last statement.</param>
    public static int ToExitCode(this RunResult result, bool succeeded) => result switch
    {
        RunResult.Stopped => ExitCode.Interrupted,
        RunResult.Completed when succeeded => ExitCode.Success,
        _ => ExitCode.Failure,
    };
}
