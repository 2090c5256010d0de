using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Documents;

/// <summary>The scripts of samples/, with runs of two epochs (tests/Documents/Limits.ps1) on the files of <see cref="DocumentFolder"/>.</summary>
public sealed class SampleTests(DocumentFolder files) : IClassFixture<DocumentFolder>
{
    [Theory]
    [InlineData("quickstart.ps1 -Folder quick", "0 of 499 items differ.")]
    [InlineData("train-shapes.ps1 -Count 5 -Destination shapes.safetensors", "Bytes")]
    [InlineData("finetune-bccd.ps1 -Weights yolo11n.pt -Data bccd/data.yaml -Way Short, Long, Frozen, LongFrozen", "LongFrozen")]
    [InlineData("recipes-bccd.ps1 -Weights yolo11n.pt -Data bccd/data.yaml -Seed 0", "FineTune")]
    [InlineData("add-class.ps1 -Weights yolo11n.pt -OldData coco128 -Count 5", "Replay")]
    public void A_sample_runs_to_its_end(string command, string last) => Assert.Contains(last, Run(command).Text, StringComparison.Ordinal);

    private HostResult Run(string command)
    {
        using TemporaryFolder folder = new();
        files.CopyTo(folder.Path);
        using ModuleHost host = new();
        host.Enter(folder.Path);
        host.Run($". '{DocumentFolder.Script("Limits.ps1")}'");
        string[] words = command.Split(' ', 2);
        string script = Path.Combine(Repository.Root, "samples", words[0]).Replace("'", "''", StringComparison.Ordinal);
        HostResult result = host.Show($"& '{script}' {words[1]}");
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors.Select(error => $"{error} {error.InvocationInfo?.PositionMessage}")));
        return result;
    }
}
