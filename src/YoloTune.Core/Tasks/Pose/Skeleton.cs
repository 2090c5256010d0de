using SkiaSharp;
using YoloTune.Drawing;

namespace YoloTune.Tasks.Pose;

/// <summary>
/// How the keypoints of an object are drawn: the seventeen points of a person joined by lines, legs, arms and head in colours of their own;
/// of other objects each point in the colour of its number.
/// </summary>
internal static class Skeleton
{
    /// <summary>Points that the model is less sure of are not drawn.</summary>
    public const double ShownConfidence = 0.25;

    private const int PersonPoints = 17, HeadPoints = 5, ArmPoints = 6, LegLines = 4, BodyLines = 3, ArmLines = 5;
    private static readonly SKColor Legs = new(51, 153, 255), Body = new(255, 51, 255), Arms = new(255, 128, 0), Head = new(0, 255, 0);

    private static readonly string[] PersonNames =
    [
        "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
        "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    ];

    private static readonly (int From, int To)[] Joints =
    [
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10), (1, 2), (0, 1), (0, 2),
        (1, 3), (2, 4), (3, 5), (4, 6),
    ];

    private static readonly DrawnLine[] PersonLines =
        [.. Joints.Select((joint, number) => new DrawnLine(joint.From, joint.To, LineColour(number)))];

    /// <summary>The colour of a point.</summary>
    /// <param name="point">Its number.</param>
    /// <param name="keypoints">Points of an object.</param>
    public static SKColor Colour(int point, int keypoints)
    {
        if (keypoints != PersonPoints) return ClassPalette.Colour(point);
        return point < HeadPoints ? Head : point < HeadPoints + ArmPoints ? Arms : Legs;
    }

    /// <summary>The lines between points; none but for a person's.</summary>
    public static IReadOnlyList<DrawnLine>? Lines(int keypoints) => keypoints == PersonPoints ? PersonLines : null;

    /// <summary>
    /// The names of a person's seventeen points, as COCO has them, for models whose files do not say; null for other objects.
    /// </summary>
    public static IReadOnlyList<string>? NamesOf(string className, int keypoints) =>
        keypoints == PersonPoints && className.Equals("person", StringComparison.OrdinalIgnoreCase) ? PersonNames : null;

    private static SKColor LineColour(int line) =>
        line < LegLines ? Legs : line < LegLines + BodyLines ? Body : line < LegLines + BodyLines + ArmLines ? Arms : Head;
}
