using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Writes how a fixed number of detections is picked of all anchors: rows of box, score, class and extras, best first.</summary>
internal static class SelectionEmitter
{
    /// <summary>
    /// The choice of end-to-end heads: the best anchors by their best class, then the best pairs of anchor and class among those.
    /// </summary>
    /// <returns>[N, k, 6 + extras], k at most <paramref name="limit"/>.</returns>
    public static OnnxValue EndToEnd(OnnxGraph graph, HeadResult head, int limit)
    {
        using IDisposable scope = graph.Scope("selection");
        long classes = head.Scores.Channels;
        (OnnxValue count, OnnxDimension size) = graph.AtMost(limit, head.Scores, 2);
        (_, OnnxValue anchors) = graph.Top(graph.Largest(head.Scores, 1), count, size);
        OnnxValue candidates = graph.Reshape(graph.PickRows(ByAnchor(graph, head.Scores), anchors), 0, -1);
        (OnnxValue scores, OnnxValue pairs) = graph.Top(candidates, count, size);
        OnnxValue width = graph.Integer(classes);
        OnnxValue chosen = graph.Pick(anchors, graph.Binary("Div", pairs, width));
        return Rows(graph, head, chosen, scores, graph.Binary("Mod", pairs, width));
    }

    /// <summary>
    /// Non-maximum suppression class by class, of each anchor's best class as our own predictions do it. Rows beyond what was found are
    /// zero.
    /// </summary>
    /// <returns>[N, k, 6 + extras], k at most <paramref name="limit"/>.</returns>
    public static OnnxValue Suppressed(OnnxGraph graph, HeadResult head, int limit, double confidence, double overlap)
    {
        using IDisposable scope = graph.Scope("nms");
        long classes = head.Scores.Channels;
        OnnxValue best = graph.Largest(head.Scores, 1);
        OnnxValue labels = graph.LargestPlace(head.Scores, 1);

        // Other classes of an anchor must not come through: their scores become 0.
        OnnxValue numbers = graph.Reshape(graph.Range(graph.Integer(classes)), 1, classes, 1);
        OnnxValue isBest = graph.Compare("Equal", graph.Unsqueeze(labels, 1), numbers);
        OnnxValue single = graph.Add("Where", [isBest, head.Scores, graph.Number(0, OnnxType.Float)], OnnxType.Float, head.Scores.Shape);
        OnnxValue selected = graph.Add("NonMaxSuppression",
            [
                ByAnchor(graph, head.Boxes), single, graph.Integers(limit), graph.Floats("iou_threshold", [1], [(float)overlap]),
                graph.Floats("score_threshold", [1], [(float)confidence]),
            ],
            OnnxType.Int64, [OnnxDimension.Unknown, 3], ("center_point_box", 0L));

        // The scores of the survivors, at their anchors; all others 0. So the best of them can be taken image by image.
        OnnxValue places = graph.Add("Gather", [selected, graph.Integers(0, 2)], OnnxType.Int64, [OnnxDimension.Unknown, 2], ("axis", 1L));
        OnnxValue kept = graph.Add("GatherND", [best, places], OnnxType.Float, [OnnxDimension.Unknown]);
        OnnxValue survivors = graph.Add("ScatterND", [graph.Difference(best, best), places, kept], OnnxType.Float, best.Shape);
        (OnnxValue count, OnnxDimension size) = graph.AtMost(limit, best, 1);
        (OnnxValue scores, OnnxValue anchors) = graph.Top(survivors, count, size);
        OnnxValue rows = Rows(graph, head, anchors, scores, graph.Pick(labels, anchors));
        OnnxValue isFound = graph.Compare("Greater", scores, graph.Number(0, OnnxType.Float));
        return graph.Product(rows, graph.Unsqueeze(graph.Cast(isFound, OnnxType.Float), 2));
    }

    private static OnnxValue Rows(OnnxGraph graph, HeadResult head, OnnxValue anchors, OnnxValue scores, OnnxValue labels)
    {
        List<OnnxValue> columns =
        [
            graph.PickRows(ByAnchor(graph, head.Boxes), anchors), graph.Unsqueeze(scores, 2),
            graph.Unsqueeze(graph.Cast(labels, OnnxType.Float), 2),
        ];
        if (head.Extras is not null) columns.Add(graph.PickRows(ByAnchor(graph, head.Extras), anchors));
        return graph.Concat(columns, 2);
    }

    /// <summary>[N, c, A] to [N, A, c].</summary>
    private static OnnxValue ByAnchor(OnnxGraph graph, OnnxValue values) => graph.Transpose(values, 0, 2, 1);
}
