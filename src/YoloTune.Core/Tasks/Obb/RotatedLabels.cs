using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;

namespace YoloTune.Tasks.Obb;

/// <summary>Labels with four corners, of which batches get oriented boxes.</summary>
internal sealed class RotatedLabels : TaskLabels
{
    /// <summary>Points of an outline while images are varied: enough for straight sides.</summary>
    private const int SidePoints = 100;

    /// <summary>Numbers of an oriented box.</summary>
    private const int Values = 5;

    /// <inheritdoc/>
    public override LabelRowKind Rows => LabelRowKind.Corners;

    /// <inheritdoc/>
    public override int OutlinePoints => SidePoints;

    /// <summary>Adds the smallest rectangle around each outline.</summary>
    internal override Instances Complete(Instances boxes, IReadOnlyList<PixelBox> objects, int height, int width)
    {
        float[] values = new float[Values * objects.Count];
        for (int i = 0; i < objects.Count; i++)
        {
            PixelBox item = objects[i];
            OrientedBox box = OrientedBox.Around(item.Polygon ??
                [item.Left, item.Top, item.Right, item.Top, item.Right, item.Bottom, item.Left, item.Bottom]);
            ((float[])[box.X / width, box.Y / height, box.Width / width, box.Height / height, box.Angle]).CopyTo(values, Values * i);
        }
        return boxes with
        {
            Parts = new Dictionary<string, TargetPart> { [ObbLoss.BoxesPart] = new(values, [objects.Count, Values], PerObject: true) },
        };
    }
}
