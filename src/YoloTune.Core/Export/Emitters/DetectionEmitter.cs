using YoloTune.Files.Onnx;
using YoloTune.Networks.Heads;


namespace YoloTune.Export.Emitters;

/// <summary>
/// Writes a detection head: its branches, the decoding of boxes and of what the task adds. Of an end-to-end head the one-to-one branch is
/// written, the only one that a folded network has.
/// </summary>
internal sealed class DetectionEmitter(OnnxGraph graph, Detect head, IReadOnlyList<OnnxValue> levels)
{
    private readonly ModuleView view = new(head);

    private string Branch(string name) => head.EndToEnd ? "one2one_" + name : name;

    /// <summary>Writes the head.</summary>
    /// <param name="corners">Whether boxes are wanted as corners; rotated boxes are centre, size and angle either way.</param>
    public HeadResult Write(bool corners)
    {
        OnnxValue boxes = Join(levels, Branch("cv2"));
        OnnxValue scores = graph.Sigmoid(Join(levels, Branch("cv3")));
        (OnnxValue points, OnnxValue strides) = AnchorEmitter.Write(graph, levels, head.Strides);
        OnnxValue distances = Distances(boxes);
        OnnxValue? angles = head is OBB ? Angles() : null;
        OnnxValue decoded = angles is not null
            ? Rotated(distances, angles, points)
            : corners ? Corners(distances, points) : CentreSize(distances, points);
        OnnxValue? extras = head switch
        {
            OBB => angles,
            Segment => Join(levels, Branch("cv4")),
            Pose pose => Keypoints(Join(levels, Branch("cv4")), points, strides, pose.KeypointCount, pose.KeypointDimensions, 2, -0.5),
            Pose26 pose => Keypoints(Refined(), points, strides, pose.KeypointCount, pose.KeypointDimensions, 1, 0),
            _ => null,
        };
        return new(graph.Product(decoded, strides), scores, extras, head is Segment ? Prototypes() : null);
    }

    /// <summary>Runs one branch on each level and joins the anchors: [N, C, A], float32.</summary>
    private OnnxValue Join(IReadOnlyList<OnnxValue> maps, string branch)
    {
        IReadOnlyList<(string, ModuleView)> items = view.Items(branch);
        OnnxValue[] flat = [.. maps.Select((map, level) => Flat(graph.Part(items[level], map)))];
        return graph.Cast(graph.Concat(flat, 2), OnnxType.Float);
    }

    private OnnxValue Flat(OnnxValue map) => graph.Reshape(map, 0, map.Channels, -1);

    /// <summary>The expectation of each side's distribution: [N, 4R, A] to [N, 4, A].</summary>
    private OnnxValue Distances(OnnxValue boxes)
    {
        if (head.RegMax == 1) return boxes;
        using IDisposable scope = graph.Scope("dfl");
        OnnxValue sides = graph.Transpose(graph.Reshape(boxes, 0, 4, head.RegMax, -1), 0, 1, 3, 2);
        OnnxValue bins = graph.Floats("bins", [head.RegMax], [.. Enumerable.Range(0, head.RegMax).Select(bin => (float)bin)]);
        return graph.MatMul(graph.Softmax(sides, -1), bins);
    }

    private OnnxValue CentreSize(OnnxValue distances, OnnxValue points)
    {
        IReadOnlyList<OnnxValue> sides = graph.Split(distances, 1, 2, 2);
        (OnnxValue low, OnnxValue high) = (graph.Difference(points, sides[0]), graph.Sum(points, sides[1]));
        return graph.Concat([graph.Scale(graph.Sum(low, high), 0.5), graph.Difference(high, low)], 1);
    }

    private OnnxValue Corners(OnnxValue distances, OnnxValue points)
    {
        IReadOnlyList<OnnxValue> sides = graph.Split(distances, 1, 2, 2);
        return graph.Concat([graph.Difference(points, sides[0]), graph.Sum(points, sides[1])], 1);
    }

    private OnnxValue Rotated(OnnxValue distances, OnnxValue angles, OnnxValue points)
    {
        IReadOnlyList<OnnxValue> sides = graph.Split(distances, 1, 2, 2);
        IReadOnlyList<OnnxValue> offset = graph.Split(graph.Scale(graph.Difference(sides[1], sides[0]), 0.5), 1, 1, 1);
        (OnnxValue cosine, OnnxValue sine) = (graph.Unary("Cos", angles), graph.Unary("Sin", angles));
        OnnxValue x = graph.Difference(graph.Product(offset[0], cosine), graph.Product(offset[1], sine));
        OnnxValue y = graph.Sum(graph.Product(offset[0], sine), graph.Product(offset[1], cosine));
        return graph.Concat([graph.Sum(graph.Concat([x, y], 1), points), graph.Sum(sides[0], sides[1])], 1);
    }

    /// <summary>OBB maps its output to -π/4 to 3π/4; OBB26 predicts the angle itself.</summary>
    private OnnxValue Angles()
    {
        OnnxValue raw = Join(levels, Branch("cv4"));
        return view.ClassName == "OBB26"
            ? raw
            : graph.Scale(graph.Difference(graph.Sigmoid(raw), graph.Number(0.25, OnnxType.Float)), Math.PI);
    }

    private OnnxValue Refined()
    {
        IReadOnlyList<(string, ModuleView)> shared = view.Items(Branch("cv4"));
        OnnxValue[] hidden = [.. levels.Select((map, level) => graph.Part(shared[level], map))];
        return Join(hidden, Branch("cv4_kpts"));
    }

    private OnnxValue Keypoints(OnnxValue raw, OnnxValue points, OnnxValue strides, int count, int dimensions, double factor, double offset)
    {
        using IDisposable scope = graph.Scope("keypoints");
        OnnxValue values = graph.Reshape(raw, 0, count, dimensions, -1);
        IReadOnlyList<OnnxValue> parts = dimensions == 3 ? graph.Split(values, 2, 2, 1) : [values];
        OnnxValue origin = graph.Sum(points, graph.Number(offset, OnnxType.Float));
        OnnxValue places = graph.Product(graph.Sum(graph.Scale(parts[0], factor), origin), strides);
        OnnxValue all = dimensions == 3 ? graph.Concat([places, graph.Sigmoid(parts[1])], 2) : places;
        return graph.Reshape(all, 0, count * dimensions, -1);
    }

    private OnnxValue Prototypes()
    {
        using IDisposable scope = graph.Scope("proto");
        return graph.Cast(PrototypeEmitters.Write(graph, view.Child("proto"), levels), OnnxType.Float);
    }
}
