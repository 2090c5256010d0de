using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>The same seed gives the same weights, bit for bit, in another process and with another number of data threads.</summary>
public sealed class SameSeedTests
{
    private const string Train = """
        param($manifest, $output, $workers)
        $ErrorActionPreference = 'Stop'
        Import-Module $manifest
        $data = [System.IO.Path]::Combine($PSScriptRoot, 'data', 'data.yaml')
        $null = New-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, 'tiny.yaml')) -ClassName circle, square -Seed 3 |
            Start-YoloTraining -Data $data -Epochs 3 -ImageSize 64 -BatchSize 4 -Workers $workers -Precision Float32 -NoPlots -Seed 3 -OutputPath $output |
            Export-YoloModel "$output.safetensors" -Format SafeTensors
        """;

    [Fact]
    public void Two_processes_and_any_number_of_data_threads_give_the_same_weights()
    {
        using TinyTraining tiny = new();
        tiny.Host().Dispose();
        string script = Path.Combine(tiny.Folder, "train.ps1");
        File.WriteAllText(script, Train);
        byte[][] weights = [.. new[] { 1, 2, 4 }.Select(workers =>
        {
            string output = Path.Combine(tiny.Folder, "run" + workers);
            PwshRun run = PwshProcess.RunFile(script, "-manifest", Repository.Manifest, "-output", output, "-workers", workers.ToString());
            Assert.True(run.ExitCode == 0, run.Error);
            byte[] file = File.ReadAllBytes(output + ".safetensors");
            return file[(8 + (int)BitConverter.ToInt64(file))..];
        })];
        Assert.All(weights, values => Assert.True(values.Length > 10_000));
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(weights[0], weights[2]);
    }
}
