using Xunit;
using Xunit.Sdk;

namespace YoloTune.Specs;

/// <summary>Marks the method that stands for all calls of <c>It</c> in the spec files.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("YoloTune.Specs.SpecDiscoverer", "YoloTune.Specs")]
public sealed class SpecAttribute : FactAttribute;
