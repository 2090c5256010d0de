namespace YoloTune.Files.Onnx;

/// <summary>The operators that deal with shapes, places and choices.</summary>
/// <remarks>Source: the operator documentation of ONNX, operator set 17.</remarks>
internal static class OnnxIndexing
{
    /// <summary>The sizes of a value, as integers.</summary>
    public static OnnxValue ShapeOf(this OnnxGraph graph, OnnxValue x) => graph.Add("Shape", [x], OnnxType.Int64, [x.Rank]);

    /// <summary>Some of the sizes of a value, from one dimension up to but without another.</summary>
    public static OnnxValue Sizes(this OnnxGraph graph, OnnxValue x, long start, long end) =>
        graph.Add("Shape", [x], OnnxType.Int64, [end - start], ("start", start), ("end", end));

    /// <summary>One size of a value, as an integer without dimensions.</summary>
    public static OnnxValue Size(this OnnxGraph graph, OnnxValue x, long dimension) =>
        graph.Add("Squeeze", [graph.Sizes(x, dimension, dimension + 1)], OnnxType.Int64, []);

    /// <summary>The numbers 0, 1, 2 ... below an integer without dimensions.</summary>
    public static OnnxValue Range(this OnnxGraph graph, OnnxValue end) =>
        graph.Add("Range", [graph.Integer(0), end, graph.Integer(1)], OnnxType.Int64, [OnnxDimension.Unknown]);

    /// <summary>Repeats a value to the given sizes.</summary>
    public static OnnxValue Expand(this OnnxGraph graph, OnnxValue x, OnnxValue sizes, IReadOnlyList<OnnxDimension> shape) =>
        graph.Add("Expand", [x, sizes], x.Type, shape);

    /// <summary>Inserts a dimension of size 1.</summary>
    public static OnnxValue Unsqueeze(this OnnxGraph graph, OnnxValue x, int axis)
    {
        List<OnnxDimension> shape = [.. x.Shape];
        shape.Insert(axis, 1);
        return graph.Add("Unsqueeze", [x, graph.Integers(axis)], x.Type, shape);
    }

    /// <summary>The largest values along the last dimension, sorted, and their places.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The values [N, n].</param>
    /// <param name="count">How many: integers [1].</param>
    /// <param name="size">That number where it is known.</param>
    public static (OnnxValue Values, OnnxValue Places) Top(this OnnxGraph graph, OnnxValue x, OnnxValue count, OnnxDimension size)
    {
        OnnxDimension[] shape = [.. x.Shape.Take(x.Rank - 1), size];
        IReadOnlyList<OnnxValue> results = graph.AddMany("TopK", [x, count], [(x.Type, shape), (OnnxType.Int64, shape)], ("axis", -1L));
        return (results[0], results[1]);
    }

    /// <summary>The number of rows an output has: at most a limit, and no more than a dimension of a value.</summary>
    public static (OnnxValue Count, OnnxDimension Size) AtMost(this OnnxGraph graph, long limit, OnnxValue x, int dimension)
    {
        if (x.Shape[dimension].IsKnown)
        {
            long size = Math.Min(limit, x.Shape[dimension].Size);
            return (graph.Integers(size), size);
        }
        OnnxValue count = graph.Add("Min", [graph.Integers(limit), graph.Sizes(x, dimension, dimension + 1)], OnnxType.Int64, [1]);
        return (count, OnnxDimension.Unknown);
    }

    /// <summary>Values [N, A] at places [N, k].</summary>
    public static OnnxValue Pick(this OnnxGraph graph, OnnxValue x, OnnxValue places) =>
        graph.Add("GatherElements", [x, places], x.Type, places.Shape, ("axis", 1L));

    /// <summary>Rows [N, k, c] of a value [N, A, c] at places [N, k].</summary>
    public static OnnxValue PickRows(this OnnxGraph graph, OnnxValue x, OnnxValue places) =>
        graph.Add("GatherND", [x, graph.Unsqueeze(places, 2)], x.Type, [places.Shape[0], places.Shape[1], x.Shape[2]], ("batch_dims", 1L));

    /// <summary>The largest value over a dimension, which goes.</summary>
    public static OnnxValue Largest(this OnnxGraph graph, OnnxValue x, int axis) =>
        graph.Add("ReduceMax", [x], x.Type, [.. x.Shape.Where((_, i) => i != axis)], ("axes", new long[] { axis }), ("keepdims", 0L));

    /// <summary>The place of the largest value over a dimension, which goes.</summary>
    public static OnnxValue LargestPlace(this OnnxGraph graph, OnnxValue x, int axis) =>
        graph.Add("ArgMax", [x], OnnxType.Int64, [.. x.Shape.Where((_, i) => i != axis)], ("axis", (long)axis), ("keepdims", 0L));
}
