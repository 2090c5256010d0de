using Xunit.Abstractions;
using Xunit.Sdk;

namespace YoloTune.Specs;

/// <summary>Keeps the specs in the order in which they stand, so that those of a file are reported together.</summary>
public sealed class SpecOrderer : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases) where TTestCase : ITestCase =>
        testCases.OrderBy(test => (string)test.TestMethodArguments[1], StringComparer.Ordinal)
            .ThenBy(test => (int)test.TestMethodArguments[3]);
}
