using System.Management.Automation;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>Everything that a script produced.</summary>
/// <param name="Output">The output objects.</param>
/// <param name="Errors">Error records; the last one is the terminating error where there was one.</param>
/// <param name="Warnings">The warnings' texts.</param>
/// <param name="Information">The information records' texts.</param>
/// <param name="Verbose">The verbose texts.</param>
/// <param name="Progress">Progress records in their order.</param>
/// <param name="Text">What the host was told to show: Out-Default, -WhatIf and reports.</param>
/// <param name="IsTerminated">Whether a terminating error ended the script.</param>
internal sealed record HostResult(
    IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Information,
    IReadOnlyList<string> Verbose, IReadOnlyList<ProgressRecord> Progress, string Text, bool IsTerminated)
{
    /// <summary>The only error; fails when there are none or several.</summary>
    public ErrorRecord Error => Errors.Count == 1
        ? Errors[0]
        : throw new InvalidOperationException($"{Errors.Count} errors: {string.Join("; ", Errors)}");

    /// <summary>The only output object.</summary>
    public PSObject Single => Output.Count == 1
        ? Output[0]
        : throw new InvalidOperationException($"{Output.Count} objects. Errors: {string.Join("; ", Errors)}");
}
