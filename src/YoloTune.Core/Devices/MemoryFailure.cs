using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace YoloTune.Devices;

/// <summary>Recognises that memory ran out, of the machine or of a graphics card, in what the libraries throw.</summary>
public static class MemoryFailure
{
    // libtorch on Linux and macOS, on Windows, on CUDA and in the libraries of CUDA; the C++ library; ONNX Runtime.
    private static readonly string[] Phrases =
    [
        "out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "CUDNN_STATUS_ALLOC_FAILED",
        "CUBLAS_STATUS_ALLOC_FAILED", "CUSOLVER_STATUS_ALLOC_FAILED", "CUFFT_ALLOC_FAILED", "ALLOCATION_FAILED", "OUT_OF_MEMORY",
        "cudaErrorMemoryAllocation", "bad allocation", "bad_alloc", "failed to allocate memory",
    ];

    /// <summary>Whether an exception, or one that it carries, says that memory ran out.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        OutOfMemoryException => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        // TorchSharp reports what libtorch throws as ExternalException.
        ExternalException or OnnxRuntimeException when Phrases.Any(
            phrase => error.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase)) => true,
        _ => Is(error.InnerException),
    };
}
