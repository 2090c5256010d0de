using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>How values lie in memory; all arithmetic is float32.</summary>
/// <typeparam name="T">A value in memory.</typeparam>
internal unsafe interface IPixelFormat<T> where T : unmanaged
{
    /// <summary>Eight values.</summary>
    static abstract Vector256<float> Load(T* from);

    /// <summary>Writes eight values, rounded to the nearest.</summary>
    static abstract void Store(T* to, Vector256<float> values);

    /// <summary>One value.</summary>
    static abstract float Get(T value);

    /// <summary>One value, rounded to the nearest.</summary>
    static abstract T Put(float value);
}
