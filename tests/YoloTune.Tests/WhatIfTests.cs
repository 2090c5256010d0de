using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>What -WhatIf says goes to the host, where no spec sees it. That nothing is written is said in the specs.</summary>
public sealed class WhatIfTests
{
    [Theory]
    [InlineData("$model | Start-YoloTraining @options -WhatIf", "Train for 2 epochs")]
    [InlineData("Split-YoloDataset data -WhatIf", "0.2 val, 0 test, seed 0, as lists")]
    [InlineData("ConvertTo-YoloDataset annotations/instances_val2017.json new -WhatIf", "to val")]
    public void It_says_what_would_be_done(string script, string words)
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        Directory.CreateDirectory(Path.Combine(tiny.Folder, "annotations"));
        File.WriteAllText(Path.Combine(tiny.Folder, "annotations", "instances_val2017.json"), """
            {"images": [{"id": 10, "file_name": "../data/images/val/000010.jpg", "width": 96, "height": 96}],
             "annotations": [{"id": 1, "image_id": 10, "category_id": 3, "bbox": [24, 24, 48, 48], "iscrowd": 0}],
             "categories": [{"id": 3, "name": "circle"}]}
            """);
        HostResult result = host.Show(script);
        Assert.Empty(result.Errors);
        Assert.Contains(words, result.Text, StringComparison.Ordinal);
    }
}
