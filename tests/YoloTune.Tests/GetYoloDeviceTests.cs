using System.Management.Automation;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

public sealed class GetYoloDeviceTests
{
    [Fact]
    public void The_processor_comes_first_and_is_described()
    {
        using ModuleHost host = new();
        PSObject cpu = host.Run("Get-YoloDevice").Output[0];
        Assert.Equal("cpu", cpu.Properties["Name"].Value);
        Assert.NotEqual("", cpu.Properties["Description"].Value);
        Assert.True((long)cpu.Properties["TotalMemory"].Value > 1 << 28);
        Assert.True((int)cpu.Properties["Threads"].Value >= 1);
        Assert.Null(cpu.Properties["ComputeCapability"].Value);
    }

    [Theory]
    [InlineData("Get-YoloDevice c?u")]
    [InlineData("Get-YoloDevice -Name CPU")]
    [InlineData("'cpu' | Get-YoloDevice")]
    [InlineData("[pscustomobject]@{ Name = 'cpu' } | Get-YoloDevice")]
    public void Names_come_by_position_wildcard_and_pipeline(string script)
    {
        using ModuleHost host = new();
        Assert.Equal("cpu", host.Run(script).Single.ToString());
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_with_the_names_that_are()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("Get-YoloDevice abacus:3, cpu");
        Assert.Equal("Selection,YoloTune.Commands.GetYoloDeviceCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, result.Error.CategoryInfo.Category);
        Assert.Equal("abacus:3", result.Error.TargetObject);
        Assert.Contains("cpu", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("cpu", result.Single.ToString());
    }

    [Fact]
    public void A_wildcard_that_matches_nothing_gives_nothing()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("Get-YoloDevice abacus*");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_table_fits_100_columns()
    {
        using ModuleHost host = new();
        string[] lines = host.Show("Get-YoloDevice cpu").Text.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("Name", StringComparison.Ordinal) && line.Contains("BFloat16", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("cpu", StringComparison.Ordinal) && line.Contains("GiB", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.TrimEnd('\r').Length <= 100));
    }

    [Fact]
    public void Names_and_the_cmdlet_complete()
    {
        using ModuleHost host = new();
        Assert.Contains("Get-YoloDevice", host.Complete("Get-YoloD"));
        Assert.Contains("cpu", host.Complete("Get-YoloDevice -Name c"));
    }
}
