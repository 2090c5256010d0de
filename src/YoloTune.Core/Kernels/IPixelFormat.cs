namespace YoloTune.Kernels;

/// <summary>How values lie in memory; all arithmetic is float32.</summary>
/// <typeparam name="T">A value in memory.</typeparam>
internal unsafe interface IPixelFormat<T> where T : unmanaged
{
    /// <summary>A vector of values.</summary>
    static abstract TLanes Load<TLanes>(T* from) where TLanes : struct, ILanes<TLanes>;

    /// <summary>Writes a vector of values, rounded to the nearest.</summary>
    static abstract void Store<TLanes>(T* to, TLanes values) where TLanes : struct, ILanes<TLanes>;

    /// <summary>One value.</summary>
    static abstract float Get(T value);

    /// <summary>One value, rounded to the nearest.</summary>
    static abstract T Put(float value);
}
