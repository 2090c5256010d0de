using Xunit;

namespace YoloTune.Tests;

public sealed class SharedTests
{
    [SkippableFact]
    public void Reference_tensors_are_found_and_read()
    {
        var inputs = Shared.Tensors("reference/models/forward/inputs.safetensors");
        Assert.Equal([1L, 3, 64, 64], inputs["x"].shape);
    }
}
