using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Split-YoloDataset through the hosted engine.</summary>
public sealed class SplitYoloDatasetTests : IDisposable
{
    private readonly TinyTraining tiny = new();
    private readonly ModuleHost host;

    public SplitYoloDatasetTests() => host = tiny.Host();

    public void Dispose()
    {
        host.Dispose();
        tiny.Dispose();
    }

    [Fact]
    public void Parts_are_told_and_the_new_description_is_good_and_trains()
    {
        HostResult result = host.Run("""
            $parts = Split-YoloDataset data -Validation 0.25 -Seed 3
            $parts.Split; $parts[0].Images + $parts[1].Images; $parts[1].Classes[0].ClassName
            Test-YoloDataset $parts[0].Path -Quiet
            $options.Data = $parts[0].Path
            ($model | Start-YoloTraining @options).Run.Completed
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["train", "val", "12", "circle", "True", "True"], result.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void A_dataset_comes_from_the_pipeline_by_its_path_and_goes_into_folders()
    {
        HostResult result = host.Run("""
            [pscustomobject]@{ Path = 'data/data.yaml' } | Split-YoloDataset -Destination 'copy [1]' -Copy -Test 0.2 | ForEach-Object Split
            Test-YoloDataset 'copy [1]' -Quiet
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["train", "val", "test", "True"], result.Output.Select(item => item.ToString()));
        Assert.True(Directory.Exists(Path.Combine(tiny.Folder, "copy [1]", "labels", "test")));
    }

    [Fact]
    public void What_if_writes_nothing_and_tells_the_shares()
    {
        HostResult result = host.Show("Split-YoloDataset data -WhatIf");
        Assert.Empty(result.Errors);
        Assert.Contains("0.2 val, 0 test, seed 0, as lists", result.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(tiny.Folder, "data", "split.yaml")));
    }

    [Fact]
    public void The_view_shows_the_balance_within_100_columns()
    {
        HostResult result = host.Show("Split-YoloDataset data -Test 0.2");
        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Text.Split("circle").Length - 1);
        Assert.Contains("wanted", result.Text, StringComparison.Ordinal);
        Assert.All(result.Text.Split('\n').Where(line => !line.Contains(tiny.Folder, StringComparison.Ordinal)), line =>
            Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Theory]
    [InlineData("Split-YoloDataset data -Validation 0.7 -Test 0.3", "Selection,YoloTune.Commands.SplitYoloDatasetCommand")]
    [InlineData("Split-YoloDataset data -Split nothing", "Dataset,YoloTune.Commands.SplitYoloDatasetCommand")]
    [InlineData("Split-YoloDataset data -Copy", "Selection,YoloTune.Commands.SplitYoloDatasetCommand")]
    [InlineData("Split-YoloDataset nowhere", "PathNotFound,YoloTune.Commands.SplitYoloDatasetCommand")]
    public void What_cannot_be_done_is_an_error_with_a_stable_id(string script, string id) =>
        Assert.Equal(id, host.Run(script).Error.FullyQualifiedErrorId);
}
