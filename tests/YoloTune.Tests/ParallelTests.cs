using System.Management.Automation;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Several runspaces of one process work at the same time and get what each would get alone.</summary>
public sealed class ParallelTests
{
    private const string Models = """
        $models = foreach ($seed in 1..3) {
            New-YoloModel tiny.yaml -ClassName circle, square -Seed $seed | Start-YoloTraining @options -OutputPath "runs/$seed" 6> $null
        }
        $names = 'MAP', 'MAP50', 'Precision', 'Recall', 'DetectionCount'
        function Get-Text($measure) { ($names | ForEach-Object { [string]::Format([cultureinfo]::InvariantCulture, '{0:R}', $measure.$_) }) -join ' ' }
        function Get-Boxes($predictions) {
            ($predictions | ForEach-Object {
                [string]::Format([cultureinfo]::InvariantCulture, '{0} {1:R} {2:R} {3:R}', $_.ClassId, $_.Confidence, $_.X1, $_.Y2)
            }) -join ';'
        }
        $images = [System.IO.Path]::Combine("$PWD", 'data', 'images', 'val')

        """;

    [Fact]
    public void Models_measured_in_parallel_give_the_numbers_they_give_alone() => Same("""
        $alone = foreach ($m in $models) { Get-Text (Measure-YoloModel $m $data -ImageSize 64 -Confidence 0) }
        $together = $models * 2 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            Measure-YoloModel $_ $using:data -ImageSize 64 -Confidence 0
        } | ForEach-Object { Get-Text $_ }
        """);

    [Fact]
    public void Models_predict_in_parallel_what_they_predict_alone() => Same("""
        $alone = foreach ($m in $models) { Get-Boxes (Invoke-YoloPrediction $m $images -ImageSize 64 -Confidence 0) }
        $together = $models * 2 | ForEach-Object -Parallel {
            Import-Module $using:manifest; Invoke-YoloPrediction $_ $using:images -ImageSize 64 -Confidence 0 | . { end { , @($input) } }
        } -ThrottleLimit 4 | ForEach-Object { Get-Boxes $_ }
        """);

    [Fact]
    public void One_model_used_by_several_at_once_predicts_what_it_predicts_alone() => Same("""
        $models = $models[0], $models[0], $models[0]
        $alone = foreach ($m in $models) { Get-Boxes (Invoke-YoloPrediction $m $images -ImageSize 64 -Confidence 0) }
        $together = $models * 2 | ForEach-Object -Parallel {
            Import-Module $using:manifest; Invoke-YoloPrediction $_ $using:images -ImageSize 64 -Confidence 0 | . { end { , @($input) } }
        } -ThrottleLimit 4 | ForEach-Object { Get-Boxes $_ }
        """);

    [Fact]
    public void Two_trainings_at_once_give_the_weights_that_each_gives_alone()
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        HostResult result = host.Run("""
            $alone = foreach ($seed in 1, 2) {
                New-YoloModel tiny.yaml -ClassName circle, square -Seed $seed |
                    Start-YoloTraining @options -Seed $seed -OutputPath runs/alone
            }
            $here = "$PWD"
            $together = 1, 2 | ForEach-Object -Parallel {
                Import-Module $using:manifest
                $options = $using:options
                New-YoloModel "$using:here/tiny.yaml" -ClassName circle, square -Seed $_ |
                    Start-YoloTraining @options -Seed $_ -OutputPath "$using:here/runs/together"
            }
            $folders = $together.ForEach{ $_.Run.Directory }
            $folders[0] -ne $folders[1]
            foreach ($m in $together) {
                # Which of the two it is tells its seed.
                $twin = $alone.Where{ $_.Run.Options['seed'] -eq $m.Run.Options['seed'] }[0]
                @(Compare-YoloModel $m $twin).Where{ "$($_.Status)" -ne 'Equal' }.Count
            }
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["True", "0", "0"], result.Output.Select(item => item.ToString()));
    }

    private static void Same(string script)
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        HostResult result = host.Run(Models + script + """

            $alone; '|'; $together
            """);
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
        string[] lines = [.. result.Output.Select(item => item.ToString())];
        int middle = Array.IndexOf(lines, "|");
        Assert.Equal(3, middle);
        Assert.All(lines[..middle], line => Assert.True(line.Any(letter => letter is >= '1' and <= '9'), "there is nothing to compare"));
        // Jobs end in any order.
        Assert.Equal(lines[..middle].Concat(lines[..middle]).Order(StringComparer.Ordinal),
            lines[(middle + 1)..].Order(StringComparer.Ordinal));
    }
}
