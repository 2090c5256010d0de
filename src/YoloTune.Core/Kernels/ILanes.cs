namespace YoloTune.Kernels;

/// <summary>
/// A vector of float32 values of whatever width the processor works with. A kernel is written once for all widths; the compiler makes a
/// version for each.
/// </summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Values of a vector.</summary>
    static abstract int Width { get; }

    /// <summary>The same value everywhere.</summary>
    static abstract TSelf Of(float value);

    /// <summary>Reads values.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Reads values of which memory holds the upper halves.</summary>
    static abstract TSelf LoadUpper(ushort* from);

    /// <summary>Writes the values.</summary>
    void Store(float* to);

    /// <summary>Writes the upper halves of the values, which are rounded to the nearest, ties to even.</summary>
    void StoreUpper(ushort* to);

    /// <summary>The first value.</summary>
    float First();

    /// <summary>The sum of the values.</summary>
    float Sum();

    /// <summary>a · b + c, rounded once where the processor can.</summary>
    static abstract TSelf MulAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The smaller of each pair; a value that is not a number stays.</summary>
    static abstract TSelf AtMost(TSelf value, float limit);

    /// <summary>The larger of each pair; a value that is not a number stays.</summary>
    static abstract TSelf AtLeast(TSelf value, float limit);

    /// <summary>The nearest whole numbers.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>value · 2^power for whole powers that a normal float32 has.</summary>
    static abstract TSelf Scale(TSelf value, TSelf power);

    /// <summary>The square roots.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>1 / value with at least 12 correct bits.</summary>
    static abstract TSelf CoarseReciprocal(TSelf value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);
}
