namespace YoloTune.Files.Onnx;

/// <summary>The operators that feature maps go through, each with the type and shape of its result.</summary>
/// <remarks>Source: the operator documentation of ONNX, operator set 17.</remarks>
internal static class OnnxOperators
{
    /// <summary>An operator that works on each element.</summary>
    public static OnnxValue Unary(this OnnxGraph graph, string op, OnnxValue x, params (string, object)[] attributes) =>
        graph.Add(op, [x], x.Type, x.Shape, attributes);

    /// <summary>An operator on two values, which are stretched to a common shape.</summary>
    public static OnnxValue Binary(this OnnxGraph graph, string op, OnnxValue a, OnnxValue b) =>
        graph.Add(op, [a, b], a.Type, Broadcast(a.Shape, b.Shape));

    public static OnnxValue Sum(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Binary("Add", a, b);

    public static OnnxValue Difference(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Binary("Sub", a, b);

    public static OnnxValue Product(this OnnxGraph graph, OnnxValue a, OnnxValue b) => graph.Binary("Mul", a, b);

    /// <summary>The product with a number.</summary>
    public static OnnxValue Scale(this OnnxGraph graph, OnnxValue x, double factor) => graph.Product(x, graph.Number(factor, x.Type));

    /// <summary>A comparison of two values, stretched to a common shape.</summary>
    public static OnnxValue Compare(this OnnxGraph graph, string op, OnnxValue a, OnnxValue b) =>
        graph.Add(op, [a, b], OnnxType.Bool, Broadcast(a.Shape, b.Shape));

    public static OnnxValue Sigmoid(this OnnxGraph graph, OnnxValue x) => graph.Unary("Sigmoid", x);

    public static OnnxValue Softmax(this OnnxGraph graph, OnnxValue x, long axis) => graph.Unary("Softmax", x, ("axis", axis));

    public static OnnxValue Cast(this OnnxGraph graph, OnnxValue x, OnnxType type) =>
        x.Type == type ? x : graph.Add("Cast", [x], type, x.Shape, ("to", (long)type));

    /// <summary>Joins values along a dimension.</summary>
    public static OnnxValue Concat(this OnnxGraph graph, IReadOnlyList<OnnxValue> parts, int axis)
    {
        if (parts.Count == 1) return parts[0];
        OnnxDimension[] shape = [.. parts[0].Shape];
        shape[axis] = parts.Select(part => part.Shape[axis]).Aggregate((sum, size) => sum + size);
        return graph.Add("Concat", [.. parts], parts[0].Type, shape, ("axis", (long)axis));
    }

    /// <summary>Cuts a value along a dimension into parts of the given sizes.</summary>
    public static IReadOnlyList<OnnxValue> Split(this OnnxGraph graph, OnnxValue x, int axis, params long[] sizes)
    {
        var results = sizes.Select(size =>
        {
            OnnxDimension[] shape = [.. x.Shape];
            shape[axis] = size;
            return (x.Type, (IReadOnlyList<OnnxDimension>)shape);
        });
        return graph.AddMany("Split", [x, graph.Integers(sizes)], [.. results], ("axis", (long)axis));
    }

    /// <summary>Cuts the channels into two halves.</summary>
    public static IReadOnlyList<OnnxValue> Halves(this OnnxGraph graph, OnnxValue x) =>
        graph.Split(x, 1, x.Channels / 2, x.Channels - (x.Channels / 2));

    /// <summary>Another shape for the same elements: 0 keeps a size, -1 is what remains.</summary>
    public static OnnxValue Reshape(this OnnxGraph graph, OnnxValue x, params long[] sizes)
    {
        OnnxDimension[] shape =
            [.. sizes.Select((size, i) => size == 0 ? x.Shape[i] : size > 0 ? new OnnxDimension(size) : OnnxDimension.Unknown)];
        int open = Array.IndexOf(sizes, -1);

        // Dimensions that are kept cancel out, so that the rest can be known where the batch is not.
        var before = x.Shape.Where((_, i) => i >= sizes.Length || sizes[i] != 0);
        var after = shape.Where((_, i) => sizes[i] > 0);
        OnnxDimension all = before.Aggregate(new OnnxDimension(1), (product, size) => product * size);
        if (open >= 0 && all.IsKnown) shape[open] = all.Size / after.Aggregate(1L, (product, size) => product * size.Size);
        return graph.Add("Reshape", [x, graph.Integers(sizes)], x.Type, shape);
    }

    /// <summary>The shape of another value for the same elements.</summary>
    public static OnnxValue ReshapeLike(this OnnxGraph graph, OnnxValue x, OnnxValue model) => model.HasKnownShape
        ? graph.Reshape(x, [.. model.Shape.Select(size => size.Size)])
        : graph.Add("Reshape", [x, graph.ShapeOf(model)], x.Type, model.Shape);

    public static OnnxValue Transpose(this OnnxGraph graph, OnnxValue x, params long[] order) =>
        graph.Add("Transpose", [x], x.Type, [.. order.Select(place => x.Shape[(int)place])], ("perm", order));

    /// <summary>The product of matrices, or of matrices and a vector.</summary>
    public static OnnxValue MatMul(this OnnxGraph graph, OnnxValue a, OnnxValue b)
    {
        List<OnnxDimension> shape = [.. a.Shape.Take(a.Rank - 1)];
        if (b.Rank > 1) shape.Add(b.Shape[^1]);
        return graph.Add("MatMul", [a, b], a.Type, shape);
    }

    /// <summary>The largest value under a square window.</summary>
    public static OnnxValue MaxPool(this OnnxGraph graph, OnnxValue x, long kernel, long stride, long padding) =>
        graph.Add("MaxPool", [x], x.Type, Windowed(x, [kernel, kernel], [stride, stride], [padding, padding], [1, 1], x.Shape[1]),
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }),
            ("pads", new[] { padding, padding, padding, padding }));

    /// <summary>The mean of 2x2 pixels at every place.</summary>
    public static OnnxValue Smooth(this OnnxGraph graph, OnnxValue x) =>
        graph.Add("AveragePool", [x], x.Type, Windowed(x, [2, 2], [1, 1], [0, 0], [1, 1], x.Shape[1]),
            ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 1, 1 }));

    /// <summary>Enlarges a feature map by an integer factor, nearest neighbour.</summary>
    public static OnnxValue Enlarge(this OnnxGraph graph, OnnxValue x, long factor) =>
        graph.Add("Resize", [x, null, graph.Floats("scales", [4], [1, 1, factor, factor])], x.Type,
            [x.Shape[0], x.Shape[1], x.Shape[2].Map(size => size * factor), x.Shape[3].Map(size => size * factor)], Nearest);

    /// <summary>Resizes a feature map to the rows and columns of another, nearest neighbour.</summary>
    public static OnnxValue ResizeLike(this OnnxGraph graph, OnnxValue x, OnnxValue model)
    {
        OnnxValue sizes = x.HasKnownShape && model.HasKnownShape
            ? graph.Integers(x.Shape[0].Size, x.Shape[1].Size, model.Shape[2].Size, model.Shape[3].Size)
            : graph.Concat([graph.Sizes(x, 0, 2), graph.Sizes(model, 2, 4)], 0);
        return graph.Add("Resize", [x, null, null, sizes], x.Type, [x.Shape[0], x.Shape[1], model.Shape[2], model.Shape[3]], Nearest);
    }

    /// <summary>Sizes of a feature map after a window slid over it.</summary>
    internal static OnnxDimension[] Windowed(
        OnnxValue x, long[] kernel, long[] stride, long[] padding, long[] dilation, OnnxDimension channels)
    {
        OnnxDimension Extent(int side) => x.Shape[2 + side].Map(size =>
            ((size + (2 * padding[side]) - (dilation[side] * (kernel[side] - 1)) - 1) / stride[side]) + 1);
        return [x.Shape[0], channels, Extent(0), Extent(1)];
    }

    /// <summary>The shape two values are stretched to.</summary>
    internal static OnnxDimension[] Broadcast(IReadOnlyList<OnnxDimension> a, IReadOnlyList<OnnxDimension> b)
    {
        OnnxDimension[] shape = new OnnxDimension[Math.Max(a.Count, b.Count)];
        for (int i = 1; i <= shape.Length; i++)
        {
            OnnxDimension left = i <= a.Count ? a[^i] : 1, right = i <= b.Count ? b[^i] : 1;
            shape[^i] = left.Size == 1 ? right : right.Size == 1 ? left : left.IsKnown ? left : right;
        }
        return shape;
    }

    private static (string, object)[] Nearest =>
        [("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")];
}
