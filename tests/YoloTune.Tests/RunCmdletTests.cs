using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Compare-YoloRun and Show-YoloRun, and the completion of run folders, through the hosted engine.</summary>
public sealed class RunCmdletTests : IDisposable
{
    private readonly TinyTraining tiny = new();
    private readonly ModuleHost host;

    public RunCmdletTests()
    {
        host = tiny.Host();
        HostResult result = host.Run("""
            $options.Remove('Epochs')
            $model = $model | Start-YoloTraining @options -Epochs 2 -LearningRate 0.01 -OutputPath 'runs/first'
            $other = New-YoloModel tiny.yaml -ClassName circle, square
            $null = $other | Start-YoloTraining @options -Epochs 3 -LearningRate 0.02 -OutputPath 'runs/second [x]'
            """);
        Assert.Empty(result.Errors);
    }

    public void Dispose()
    {
        host.Dispose();
        tiny.Dispose();
    }

    [Fact]
    public void Runs_are_compared_from_folders_objects_and_models()
    {
        string[] inputs =
        [
            "Compare-YoloRun", "Get-YoloRun | Compare-YoloRun", "Compare-YoloRun runs/*", "Compare-YoloRun runs/first, 'runs/second [x]'",
            "$model, (Get-YoloRun 'runs/second [x]') | Compare-YoloRun", "Compare-YoloRun $model.Run, 'runs/second [x]'",
        ];
        foreach (string input in inputs)
        {
            HostResult result = host.Run($$"""
                $c = {{input}}
                $c.Name; $c.Epochs; $c[1].Differences['lr0']
                $c[0].Differences.Keys -contains 'save_dir'; $c[0].Differences.Keys -contains 'epochs'
                """);
            Assert.Empty(result.Errors);
            Assert.Equal(["first", "second [x]", "2", "3", "0.02", "False", "True"],
                result.Output.Select(item => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{item.BaseObject}")));
        }
    }

    [Fact]
    public void The_views_fit_100_columns()
    {
        HostResult compared = host.Show("Compare-YoloRun");
        Assert.Contains("lr0=0.01", compared.Text, StringComparison.Ordinal);
        HostResult shown = host.Show("Show-YoloRun runs/first");
        Assert.Contains("lr0=0.01", shown.Text, StringComparison.Ordinal);
        Assert.Contains("2 of 2 epochs", shown.Text, StringComparison.Ordinal);
        Assert.Contains("best.pt", shown.Text, StringComparison.Ordinal);
        Assert.Contains("  best", shown.Text, StringComparison.Ordinal);
        Assert.All((compared.Text + shown.Text).Split('\n').Where(line => !line.Contains(tiny.Folder, StringComparison.Ordinal)),
            line => Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Fact]
    public void Without_a_path_the_newest_run_is_shown()
    {
        Directory.SetLastWriteTimeUtc(Path.Combine(tiny.Folder, "runs", "first"), DateTime.UtcNow.AddHours(1));
        Assert.Equal("first", host.Run("(Show-YoloRun).Name").Single.ToString());
    }

    [Theory]
    [InlineData("Show-YoloRun runs/first -Open", "Training,YoloTune.Commands.ShowYoloRunCommand")] // -NoPlots made no picture
    [InlineData("Show-YoloRun data", "Training,YoloTune.Commands.ShowYoloRunCommand")]
    [InlineData("Compare-YoloRun nowhere", "PathNotFound,YoloTune.Commands.CompareYoloRunCommand")]
    [InlineData("New-YoloModel tiny.yaml | Compare-YoloRun", "Training,YoloTune.Commands.CompareYoloRunCommand")]
    [InlineData("[System.IO.File]::WriteAllText(\"$PWD/runs/first/run.json\", '{'); Compare-YoloRun runs/first",
        "Training,YoloTune.Commands.CompareYoloRunCommand")]
    public void What_is_no_run_is_an_error_with_a_stable_id(string script, string id) =>
        Assert.Equal(id, host.Run(script).Error.FullyQualifiedErrorId);

    [Theory]
    [InlineData("Show-YoloRun ", "runs/first|'runs/second [x]'")]
    [InlineData("Get-YoloRun fi", "runs/first")]
    [InlineData("Compare-YoloRun runs/s", "'runs/second [x]'")]
    [InlineData("Resume-YoloTraining runs/", "runs/first|'runs/second [x]'")]
    public void Run_folders_are_completed(string line, string wanted) =>
        Assert.Equal(wanted.Replace('/', Path.DirectorySeparatorChar).Split('|'), host.Complete(line));
}
