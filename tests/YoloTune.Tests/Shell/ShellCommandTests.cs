using Xunit;

namespace YoloTune.Commands.Tests.Shell;

public sealed class ShellCommandTests
{
    private const string Function = """
        function Test-All {
            [CmdletBinding(SupportsShouldProcess)] param([Parameter(Mandatory)][int]$N)
            if ($PSCmdlet.ShouldProcess('model', 'Freeze')) { "did $N" }
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteVerbose('detail')
            $PSCmdlet.WriteInformation('shown', @('PSHOST'))
            $PSCmdlet.WriteInformation('asked for', @())
            $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Training', 'epoch 1'))
        };
        """;

    [Theory]
    [InlineData("$null = 1", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("1/0", 1)]
    [InlineData("1/0; $null = 2", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("1 +", 1)]
    public void Exit_code_of_a_command(string command, int expected)
    {
        ShellRun run = ShellProcess.Run("-Command", command);
        Assert.Equal((expected, ""), (run.ExitCode, run.Output));
        Assert.Equal(command.Contains('/') || command.StartsWith('t') || command.EndsWith('+'), run.Error.Trim().Length > 0);
    }

    [Fact]
    public void The_module_is_imported()
    {
        ShellRun run = ShellProcess.Run("-Command", "Get-YoloDevice -Name cpu");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("cpu", run.Output);
    }

    [Fact]
    public void A_table_is_not_cut_at_100_columns_and_has_no_escape_codes()
    {
        string wide = new('x', 90);
        ShellRun run = ShellProcess.Run("-Command", $"[pscustomobject]@{{ Name = '{wide}'; Last = 42 }}");
        string[] lines = run.Output.ReplaceLineEndings("\n").Trim().Split('\n');
        Assert.Matches("^Name +Last$", lines[0]);
        Assert.Equal($"{wide}   42", lines[2]);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public void Objects_of_many_properties_are_listed()
    {
        ShellRun run = ShellProcess.Run("-Command", "[pscustomobject]@{ A = 1; B = 2; C = 3; D = 4; E = 5 }");
        Assert.Contains("A : 1\nB : 2\n", run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Errors_have_no_escape_codes_when_redirected()
    {
        ShellRun run = ShellProcess.Run("-Command", "1/0; throw 'boom'");
        Assert.Contains("boom", run.Error);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public void WhatIf_says_what_would_be_done()
    {
        ShellRun run = ShellProcess.Run("-Command", Function + "Test-All 1 -WhatIf");
        Assert.Contains("What if: Performing the operation \"Freeze\" on target \"model\".", run.Output);
        Assert.DoesNotContain("did 1", run.Output);
    }

    [Fact]
    public void Streams_are_shown_as_asked_for_and_progress_is_quiet_when_redirected()
    {
        ShellRun run = ShellProcess.Run("-Command", Function + "Test-All 1; 'then'; Test-All 2 -Verbose -InformationAction Continue");
        string[] parts = run.Output.Split("then");
        Assert.Contains("WARNING: careful", parts[0]);
        Assert.Contains("shown", parts[0]);
        Assert.DoesNotContain("detail", parts[0]);
        Assert.DoesNotContain("asked for", parts[0]);
        Assert.Contains("VERBOSE: detail", parts[1]);
        Assert.Contains("asked for", parts[1]);
        Assert.DoesNotContain("Training", run.Output + run.Error);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("\n", true)]
    [InlineData("no\n", false)]
    public void Confirm_takes_its_answer_from_the_input(string input, bool done)
    {
        ShellRun run = ShellProcess.Run(input, ["-Command", Function + "Test-All 1 -Confirm"]);
        Assert.Contains("[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is \"Y\"): ", run.Output);
        Assert.Equal(done, run.Output.Contains("did 1"));
    }

    [Fact]
    public void An_input_that_ends_without_an_answer_is_no_yes()
    {
        ShellRun run = ShellProcess.Run("-Command", Function + "Test-All 1 -Confirm");
        Assert.DoesNotContain("did 1", run.Output);
        Assert.Contains("ended without an answer", run.Error);
    }

    [Fact]
    public void A_mandatory_parameter_is_asked_for()
    {
        ShellRun run = ShellProcess.Run("12\n", ["-Command", Function + "Test-All"]);
        Assert.Contains("N: ", run.Output);
        Assert.Contains("did 12", run.Output);
    }

    [Fact]
    public void A_command_of_pwsh_that_is_not_here_is_explained_once()
    {
        ShellRun run = ShellProcess.Run("-Command", "Select-Object; Select-Object; Get-NoSuchThing");
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Error.Split('\n'), l => l.StartsWith("Note: Select-Object belongs to Microsoft.PowerShell.Utility", StringComparison.Ordinal));
        Assert.Contains("pwsh", run.Error);
    }

    [Fact]
    public void Input_that_is_piped_in_runs_statement_by_statement()
    {
        ShellRun run = ShellProcess.Run("$x = {\n1 + 4\n\n}\n& $x\nexit 3\n'after'\n", []);
        Assert.Equal((3, "5", ""), (run.ExitCode, run.Output.Trim(), run.Error));
    }

    [Fact]
    public void An_unknown_option_gives_64_and_the_usage()
    {
        ShellRun run = ShellProcess.Run("-Frobnicate");
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("Usage:", run.Error);
    }
}
