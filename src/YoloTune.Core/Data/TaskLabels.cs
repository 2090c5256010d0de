using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;

namespace YoloTune.Data;

/// <summary>
/// What the labels of a task are: how the rows of label files are read, and what a batch holds of the objects besides their classes and
/// boxes. It comes from the task; one of this class itself is that of axis-parallel boxes.
/// </summary>
internal class TaskLabels
{
    /// <summary>The points that an outline has while images are varied; its own when it has more.</summary>
    public const int UsualOutlinePoints = 1000;

    /// <summary>Axis-parallel boxes.</summary>
    public static TaskLabels Boxes { get; } = new();

    /// <summary>One class for each image as a whole.</summary>
    public static TaskLabels Whole { get; } = new WholeImageLabels();

    /// <summary>Whether each image has a class as a whole, given by the folder it lies in.</summary>
    public virtual bool WholeImages => false;

    /// <summary>What the rows hold.</summary>
    public virtual LabelRowKind Rows => LabelRowKind.Boxes;

    /// <summary>The keypoints of the dataset, where the rows have some.</summary>
    public virtual KeypointShape? Keypoints => null;

    /// <summary>The points an outline is given before it is moved, so that its curve survives a cut at the image's edge.</summary>
    public virtual int OutlinePoints => UsualOutlinePoints;

    /// <summary>Whether mirroring keeps the labels right: with keypoints only where it is known which become which.</summary>
    public bool CanFlip => Keypoints is null or { FlipIndex: not null };

    /// <summary>Completes the labels of an item with what the task adds; it may put them into another order.</summary>
    /// <param name="boxes">Classes and boxes, the latter divided by the item's size.</param>
    /// <param name="objects">The same objects in the item's pixels, with outlines and keypoints.</param>
    /// <param name="height">Rows of the item.</param>
    /// <param name="width">Columns of the item.</param>
    internal virtual Instances Complete(Instances boxes, IReadOnlyList<PixelBox> objects, int height, int width) => boxes;
}
