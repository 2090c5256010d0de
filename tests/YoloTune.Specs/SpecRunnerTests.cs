using Xunit;

namespace YoloTune.Specs;

/// <summary>What runs the specs, on files of the test's own.</summary>
public sealed class SpecRunnerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("yolotune-specs [1] ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_spec_is_named_after_the_blocks_around_it()
    {
        SpecFile file = SpecFile.Read(Write("Names", """
            Describe 'Outer' {
                BeforeAll { $It = 'no spec' }
                Context 'with data' -ForEach 1, 2 {
                    It 'takes <_>' { }
                }
                It -Name 'stands alone' { }
            }
            """));
        Assert.Equal([new(4, "Outer with data takes <_>"), new(6, "Outer stands alone")], file.Specs);
    }

    [Fact]
    public void A_file_that_cannot_be_read_still_has_a_test()
    {
        SpecFile file = SpecFile.Read(Write("Broken", "Describe 'Outer' {"));
        Assert.Equal([new(1, "Broken.Tests.ps1 has specs")], file.Specs);
    }

    [Fact]
    public async Task A_file_that_takes_the_process_with_it_is_a_problem_and_the_next_file_runs()
    {
        using SpecRunner runner = new();
        FileResult broken =
            await runner.RunAsync(
                Write("Exit", "Describe 'A' { It 'ends' { [Console]::Error.WriteLine('last words'); [Environment]::Exit(3) } }"));
        Assert.Empty(broken.Results);
        Assert.Contains("status 3", Assert.Single(broken.Problems), StringComparison.Ordinal);
        Assert.Contains("last words", broken.Problems[0], StringComparison.Ordinal);

        FileResult next = await runner.RunAsync(Write("Next", """
            Describe 'A' {
                It 'gives <_>' -ForEach 1, 2 { $_ | Should -Be 1 }
                It 'is left out' -Skip { }
            }
            Describe 'B' {
                BeforeAll { throw 'nothing to begin with' }
                It 'cannot begin' { }
            }
            """));
        Assert.Empty(next.Problems);
        Assert.Equal(["2 A gives 1 Passed", "2 A gives 2 Failed", "3 A is left out Skipped", "7 B cannot begin Failed"],
            next.Results.Select(result => $"{result.Line} {result.Name} {result.Outcome}"));
        Assert.Contains("nothing to begin with", Assert.Single(next.Results[3].Errors), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name + ".Tests.ps1");
        File.WriteAllText(path, text);
        return path;
    }
}
