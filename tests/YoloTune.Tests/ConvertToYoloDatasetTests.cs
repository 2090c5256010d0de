using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>ConvertTo-YoloDataset through the hosted engine; the formats themselves are tested in the engine's own tests.</summary>
public sealed class ConvertToYoloDatasetTests : IDisposable
{
    private readonly TinyTraining tiny = new();
    private readonly ModuleHost host;

    public ConvertToYoloDatasetTests()
    {
        host = tiny.Host();
        // The drawn images annotated anew, as COCO for two splits.
        foreach ((string split, int first, int count) in (ReadOnlySpan<(string, int, int)>)[("train", 0, 4), ("val", 10, 2)])
        {
            string images = string.Join(", ", Enumerable.Range(first, count).Select(i =>
                $$"""{"id": {{i}}, "file_name": "../data/images/{{(i < 10 ? "train" : "val")}}/{{i:D6}}.jpg", "width": 96, "height": 96}"""));
            string boxes = string.Join(", ", Enumerable.Range(first, count).Select(i =>
                $$"""{"id": {{i}}, "image_id": {{i}}, "category_id": {{(i % 2 == 0 ? 18 : 3)}}, "bbox": [24, 24, 48, 48], "iscrowd": 0}"""));
            Directory.CreateDirectory(Path.Combine(tiny.Folder, "annotations"));
            File.WriteAllText(Path.Combine(tiny.Folder, "annotations", $"instances_{split}2017.json"), $$"""
                {"images": [{{images}}],
                    "annotations": [{{boxes}}, {"id": 99, "image_id": {{first}}, "category_id": 18, "bbox": [1, 1, 2, 2], "iscrowd": 1}],
                 "categories": [{"id": 18, "name": "square"}, {"id": 3, "name": "circle"}]}
                """);
        }
    }

    public void Dispose()
    {
        host.Dispose();
        tiny.Dispose();
    }

    [Fact]
    public void Files_of_two_splits_become_one_dataset_that_is_good_and_trains()
    {
        HostResult result = host.Run("""
            $options.Remove('Epochs'); $options.Remove('Data')
            $result = ConvertTo-YoloDataset annotations/instances_*.json 'new [1]'
            $result.Splits.Split; $result.Images; $result.Boxes; $result.Classes
            $result | Test-YoloDataset -Quiet
            ($result | Start-YoloTraining $model @options -Epochs 1).Run.Completed
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["train", "val", "6", "6", "circle", "square", "True", "True"], result.Output.Select(item => item.ToString()));
        Assert.Contains(result.Warnings, text => text.StartsWith("Left out: 2 Crowd. First: annotation 99", StringComparison.Ordinal));
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        HostResult result = host.Show("ConvertTo-YoloDataset annotations/instances_val2017.json new -WhatIf");
        Assert.Empty(result.Errors);
        Assert.Contains("to val", result.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tiny.Folder, "new")));
    }

    [Fact]
    public void The_view_counts_what_was_left_out_within_100_columns()
    {
        HostResult result = host.Show(
            "ConvertTo-YoloDataset annotations/instances_train2017.json new -ClassName square -WarningAction Ignore");
        Assert.Empty(result.Errors);
        Assert.Contains("1 classes: square", result.Text, StringComparison.Ordinal);
        Assert.Contains("2 UnwantedClass", result.Text, StringComparison.Ordinal);
        Assert.All(result.Text.Split('\n').Skip(2), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Theory]
    [InlineData("ConvertTo-YoloDataset nowhere new", "PathNotFound,YoloTune.Commands.ConvertToYoloDatasetCommand")]
    [InlineData("ConvertTo-YoloDataset tiny.yaml new", "Dataset,YoloTune.Commands.ConvertToYoloDatasetCommand")]
    [InlineData("ConvertTo-YoloDataset annotations/instances_val2017.json new -ClassName dog",
        "Selection,YoloTune.Commands.ConvertToYoloDatasetCommand")]
    [InlineData("ConvertTo-YoloDataset annotations/instances_val2017.json data", "Dataset,YoloTune.Commands.ConvertToYoloDatasetCommand")]
    public void What_cannot_be_done_is_an_error_with_a_stable_id_and_leaves_nothing(string script, string id)
    {
        Assert.Equal(id, host.Run(script).Error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(Path.Combine(tiny.Folder, "new")));
    }
}
