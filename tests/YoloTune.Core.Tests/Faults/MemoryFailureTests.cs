using System.Runtime.InteropServices;
using Xunit;
using YoloTune.Devices;

namespace YoloTune.Tests.Faults;

public sealed class MemoryFailureTests
{
    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.")]
    [InlineData(
        "[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.")]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 7.79 GiB of which 12.31 MiB is free.")]
    [InlineData("CUDA error: out of memory")]
    [InlineData("cuDNN error: CUDNN_STATUS_ALLOC_FAILED")]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED")]
    [InlineData("bad allocation")]
    [InlineData("std::bad_alloc")]
    public void What_libtorch_says_of_memory_is_recognised(string message)
    {
        Assert.True(MemoryFailure.Is(new ExternalException(message)));
        Assert.True(MemoryFailure.Is(new AggregateException(new InvalidOperationException("x", new ExternalException(message)))));
    }

    [Theory]
    [InlineData("Expected all tensors to be on the same device.")]
    [InlineData("cuDNN error: CUDNN_STATUS_NOT_SUPPORTED")]
    [InlineData("CUDA error: no kernel image is available for execution on the device")]
    public void Other_errors_of_libtorch_are_not_taken_for_it(string message) =>
        Assert.False(MemoryFailure.Is(new ExternalException(message)));

    [Fact]
    public void A_file_whose_name_speaks_of_memory_is_not_taken_for_it() =>
        Assert.False(MemoryFailure.Is(new IOException("'out of memory.pt' is not there.")));
}
