using YoloTune.Commands.Tests.Hosting;
using Xunit;

namespace YoloTune.Commands.Tests.Shell;

public sealed class ShellScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Exit_in_a_script_is_the_exit_code()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "'before'; exit 7; 'after'"));
        Assert.Equal((7, "before", ""), (run.ExitCode, run.Output.Trim(), run.Error));
    }

    [Fact]
    public void A_terminating_error_gives_1_and_says_where_it_was()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "'before'\nthrow 'no more'\n'after'"));
        Assert.Equal((1, "before"), (run.ExitCode, run.Output.Trim()));
        Assert.Contains("s.ps1:2", run.Error);
        Assert.Contains("| no more", run.Error);
    }

    [Fact]
    public void A_non_terminating_error_lets_the_script_go_on_and_gives_0()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "1/0\n'after'"));
        Assert.Equal((0, "after"), (run.ExitCode, run.Output.Trim()));
        Assert.Contains("Attempted to divide by zero.", run.Error);
    }

    [SkippableFact]
    public void A_program_that_fails_inside_a_script_is_not_the_scripts_exit_code()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs /bin/sh");
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "/bin/sh -c 'exit 5'\n\"program $LASTEXITCODE\""));
        Assert.Equal((0, "program 5"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public void Arguments_bind_to_the_param_block()
    {
        string script = folder.File("s.ps1", "param([string]$Name, [switch]$On, [switch]$Off, [int]$N)\n\"$Name|$On|$Off|$N|$args\"");
        ShellRun run = ShellProcess.Run(script, "-On", "-N", "-3", "-Name", "it's [a] $x", "-Off:$false", "rest one", "-5");
        Assert.Equal("it's [a] $x|True|False|-3|rest one -5", run.Output.Trim());
    }

    [Fact]
    public void An_unknown_parameter_is_an_error_of_a_script_with_cmdlet_binding()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "[CmdletBinding()] param([int]$N)\n$N"), "-Epochs", "3");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("'Epochs'", run.Error);
    }

    [Fact]
    public void A_script_knows_its_own_path()
    {
        string script = folder.File("s.ps1", "$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Path");
        string[] expected = [folder.Path, script, script];
        Assert.Equal(expected, ShellProcess.Run(script).Output.Trim().Split('\n').Select(l => l.Trim()));
    }

    [Fact]
    public void A_script_that_is_not_there_gives_64_and_its_name()
    {
        ShellRun run = ShellProcess.Run(folder.File("missing.ps1"));
        Assert.Equal((64, ""), (run.ExitCode, run.Output));
        Assert.Contains("missing.ps1' was not found", run.Error);
    }

    [Fact]
    public void A_file_that_is_no_script_gives_64()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.txt", "1"));
        Assert.Equal(64, run.ExitCode);
        Assert.Contains(".ps1", run.Error);
    }

    [Fact]
    public void A_script_that_does_not_parse_gives_1_and_the_line()
    {
        ShellRun run = ShellProcess.Run(folder.File("s.ps1", "'never'\n\n}"));
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("s.ps1:3", run.Error);
    }

    [SkippableFact]
    public void Interrupt_stops_the_pipeline_and_lets_it_clean_up()
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGINT");
        string script = folder.File("s.ps1",
            "try { 'ready'; while ($true) { [Threading.Thread]::Sleep(10) } } finally { [Console]::Out.WriteLine('cleaned') }\n'after'");
        ShellRun run = ShellProcess.RunAndInterrupt("ready", script);
        Assert.Equal((130, "cleaned", ""), (run.ExitCode, run.Output.Trim(), run.Error));
    }
}
