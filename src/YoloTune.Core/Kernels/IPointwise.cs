namespace YoloTune.Kernels;

/// <summary>A function of one value, with its derivative.</summary>
internal interface IPointwise
{
    /// <summary>f(z).</summary>
    static abstract TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>;

    /// <summary>f'(z).</summary>
    static abstract TLanes Slope<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>;
}
