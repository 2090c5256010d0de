using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>The base of all cmdlets, driven through Invoke-Probe.</summary>
public sealed class BaseCmdletTests : IDisposable
{
    private readonly ModuleHost host = new();
    private readonly TemporaryFolder folder = new();

    public BaseCmdletTests()
    {
        Assembly commands = ((CmdletInfo)host.Run("Get-Command Get-YoloDevice").Single.BaseObject).ImplementingType.Assembly;
        string path = Path.Combine(AppContext.BaseDirectory, "YoloTune.ProbeCommands.dll");
        host.Set("probe", AssemblyLoadContext.GetLoadContext(commands)!.LoadFromAssemblyPath(path));
        Assert.Empty(host.Run("Import-Module -Assembly $probe").Errors);
    }

    public void Dispose()
    {
        host.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_worker_reaches_every_stream()
    {
        HostResult result = host.Run("Invoke-Probe Messages -Verbose");
        Assert.Equal(["output", "result"], result.Output.Select(item => item.ToString()));
        Assert.Equal(["warning"], result.Warnings);
        Assert.Equal(["verbose"], result.Verbose);
        Assert.Equal(["report"], result.Information);
        Assert.Contains("report\n", result.Text, StringComparison.Ordinal);
        Assert.Equal("Selection,YoloTune.ProbeCommands.InvokeProbeCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal("target", result.Error.TargetObject);
        Assert.Equal(["Outer", "Inner"], result.Progress.Select(record => record.Activity));
    }

    [Fact]
    public void Stop_cancels_the_worker_and_its_last_words_are_shown()
    {
        HostResult result = host.RunAndStop("Invoke-Probe Forever", signal: "started");
        Assert.IsType<PipelineStoppedException>(Assert.Single(result.Errors).Exception);
        Assert.Contains("WARNING: stopped after the batch", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_ends_when_nobody_wants_its_output()
    {
        HostResult result = host.Run("foreach ($once in 1) { Invoke-Probe Stream | ForEach-Object { $_; if ($_ -ge 3) { break } } }");
        Assert.Equal(["0", "1", "2", "3"], result.Output.Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("Selection", "Selection", ErrorCategory.InvalidArgument, null)]
    [InlineData("Training", "Training", ErrorCategory.InvalidOperation, null)]
    [InlineData("ModelFormat", "ModelFormat", ErrorCategory.InvalidData, "model.pt")]
    [InlineData("WorkerFails", "Dataset", ErrorCategory.InvalidData, "a.txt")]
    public void Exceptions_of_the_engine_become_error_records(string action, string id, ErrorCategory category, string? target)
    {
        HostResult result = host.Run($"'{action}', 'next' | Invoke-Probe");
        Assert.Equal($"{id},YoloTune.ProbeCommands.InvokeProbeCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(category, result.Error.CategoryInfo.Category);
        Assert.Equal(target, result.Error.TargetObject);
        Assert.False(result.IsTerminated);
        Assert.Equal("next", result.Single.ToString());
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("MemoryOfOne")]
    public void Memory_that_does_not_suffice_is_reported_by_every_cmdlet_with_the_parameters_to_lower(string action)
    {
        HostResult result = host.Run($"'{action}', 'next' | Invoke-Probe");
        Assert.Equal("OutOfMemory,YoloTune.ProbeCommands.InvokeProbeCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceUnavailable, result.Error.CategoryInfo.Category);
        Assert.Equal(
            "There is not enough memory for Invoke-Probe. Lower -BatchSize, close other programs that use it.", result.Error.ToString());
        Assert.Equal("next", result.Single.ToString());
    }

    [Fact]
    public void A_message_says_file_place_and_remedy_once() =>
        Assert.Equal("'a.txt', line 3: The label is wrong. Correct it.", host.Run("Invoke-Probe WorkerFails").Error.ToString());

    [Fact]
    public void ErrorAction_Stop_ends_the_pipeline() =>
        Assert.True(host.Run("'Selection', 'next' | Invoke-Probe -ErrorAction Stop").IsTerminated);

    [Fact]
    public void A_defect_ends_the_pipeline_with_its_own_exception()
    {
        HostResult result = host.Run("'Defect', 'next' | Invoke-Probe");
        Assert.Empty(result.Output);
        Assert.IsType<ArgumentException>(result.Error.Exception.GetBaseException());
    }

    [Theory]
    [InlineData("a [1].jpg", "a [1].jpg")]
    [InlineData("./图 片.jpg", "图 片.jpg")]
    [InlineData("*.png", "x.png", "y.png")]
    public void Existing_paths_are_relative_to_the_location(string typed, params string[] names)
    {
        foreach (string name in names) folder.File(name, "");
        host.Enter(folder.Path);
        host.Set("typed", typed);
        HostResult result = host.Run("Invoke-Probe Existing -Path $typed");
        Assert.Empty(result.Errors);
        Assert.Equal(names.Select(name => folder.File(name)), result.Output.Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("none.jpg")]
    [InlineData("none*.jpg")]
    [InlineData("none[1].jpg")]
    public void A_path_that_names_nothing_is_an_error_and_the_others_come(string typed)
    {
        folder.File("there.jpg", "");
        host.Enter(folder.Path);
        host.Set("typed", typed);
        HostResult result = host.Run("Invoke-Probe Existing -Path $typed, there.jpg");
        Assert.Equal("PathNotFound,YoloTune.ProbeCommands.InvokeProbeCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(typed, result.Error.TargetObject);
        Assert.Equal(folder.File("there.jpg"), result.Single.ToString());
    }

    [Fact]
    public void One_path_is_wanted_and_wildcards_match_two()
    {
        folder.File("x.pt", "");
        folder.File("y.pt", "");
        host.Enter(folder.Path);
        Assert.Contains("names 2 files", host.Run("Invoke-Probe One -Path *.pt").Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(folder.File("x.pt"), host.Run("Invoke-Probe One -Path x.*").Single.ToString());
    }

    [Fact]
    public void An_output_path_need_not_be_there_and_has_no_wildcards()
    {
        host.Enter(folder.Path);
        Assert.Equal(folder.File("new [*].pt"), host.Run("Invoke-Probe Output -Path 'new [*].pt'").Single.ToString());
    }

    [Theory]
    [InlineData("Env:PATH")]
    [InlineData("NoSuchDrive:/x.pt")]
    public void A_path_outside_the_file_system_is_an_error(string typed) =>
        Assert.StartsWith("InputOutput,", host.Run($"Invoke-Probe Output -Path {typed}").Error.FullyQualifiedErrorId,
            StringComparison.Ordinal);

    [Fact]
    public void WhatIf_says_what_would_be_written_and_writes_nothing()
    {
        host.Set("file", folder.File("new.pt"));
        HostResult result = host.Run("Invoke-Probe Write -Path $file -WhatIf");
        Assert.Contains("Write probe", result.Text, StringComparison.Ordinal);
        Assert.Contains("new.pt", result.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("new.pt")));
    }

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("No", false)]
    public void Confirm_asks_before_writing(string answer, bool isWritten)
    {
        host.Set("file", folder.File("new.pt"));
        host.Host.UI.Answers.Enqueue(answer);
        host.Run("Invoke-Probe Write -Path $file -Confirm");
        Assert.Single(host.Host.UI.Questions);
        Assert.Equal(isWritten, File.Exists(folder.File("new.pt")));
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_with_force()
    {
        host.Set("file", folder.File("old.pt", "old"));
        HostResult refused = host.Run("Invoke-Probe Write -Path $file");
        Assert.Equal("FileExists,YoloTune.ProbeCommands.InvokeProbeCommand", refused.Error.FullyQualifiedErrorId);
        Assert.Equal("old", File.ReadAllText(folder.File("old.pt")));

        Assert.Empty(host.Run("Invoke-Probe Write -Path $file -Force").Errors);
        Assert.Equal("written", File.ReadAllText(folder.File("old.pt")));
    }
}
