using Xunit;

namespace YoloTune.Specs;

/// <summary>
/// Every spec of tests/*.Tests.ps1, run by Pester in a real PowerShell and counted and named as a test of its own. One file alone:
/// <c>dotnet test tests/YoloTune.Specs --filter Spec=Add-YoloClass</c>.
/// </summary>
[TestCaseOrderer("YoloTune.Specs.SpecOrderer", "YoloTune.Specs")]
public sealed class PesterSpecs : IClassFixture<SpecRunner>
{
    public PesterSpecs(SpecRunner runner) => _ = runner;

    /// <summary>Stands for all of them; what is done is in <see cref="SpecTestCase"/>.</summary>
    [Spec]
    public void Spec()
    {
    }
}
