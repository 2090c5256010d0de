using YoloTune.Basics;

namespace YoloTune.Commands.Base;

/// <summary>Reads the parameter -KeypointShape.</summary>
internal static class KeypointShapes
{
    private const int Most = 10_000;

    /// <summary>Keypoints and the values of each, or null where nothing was given.</summary>
    /// <exception cref="SelectionException">They cannot be a shape.</exception>
    public static (int Count, int Values)? Read(int[]? shape) => shape switch
    {
        null => null,
        [> 0 and <= Most, 2 or 3] => (shape[0], shape[1]),
        _ => throw new SelectionException(
            $"the keypoint shape {string.Join(", ", shape)} is not a number of keypoints and 2 or 3 values for each.",
            remedy: "Give the numbers of the dataset's kpt_shape, such as -KeypointShape 17, 3."),
    };
}
