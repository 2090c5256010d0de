using Xunit.Abstractions;
using Xunit.Sdk;

namespace YoloTune.Specs;

/// <summary>
/// Finds the specs by reading the files: that takes no time and needs no built module, where Pester's own discovery runs parts of the
/// files. So listing and filtering tests starts no PowerShell, and a file that breaks off still has its specs named.
/// </summary>
public sealed class SpecDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute)
    {
        foreach (SpecFile file in SpecFile.All())
        {
            for (int i = 0; i < file.Specs.Count; i++)
            {
                // Whatever Pester runs belongs to the last call of It above it, so that no result is lost.
                int from = i == 0 ? 1 : file.Specs[i].Line, to = i + 1 < file.Specs.Count ? file.Specs[i + 1].Line : int.MaxValue;
                yield return new SpecTestCase(diagnostics, method, file.Name, file.Path, file.Specs[i].Name, from, to);
            }
        }
    }
}
