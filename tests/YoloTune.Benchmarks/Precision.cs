namespace YoloTune.Benchmarks;

/// <summary>The number format of activations.</summary>
internal enum Precision
{
    Float32,
    BFloat16,
}
