namespace YoloTune.Networks.Modules;

/// <summary>A number for rows and one for columns: a kernel, stride, padding or dilation.</summary>
/// <param name="Rows">Along the height.</param>
/// <param name="Columns">Along the width.</param>
internal readonly record struct Pair(int Rows, int Columns)
{
    /// <summary>The same number both ways.</summary>
    public static implicit operator Pair(int both) => new(both, both);

    internal long[] Longs => [Rows, Columns];

    internal int[] Tuple => [Rows, Columns];
}
