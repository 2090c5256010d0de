namespace YoloTune.Data;

/// <summary>What a task adds to the boxes and classes of an image, under a name: masks, keypoints, angles.</summary>
/// <param name="Values">The values, the last axis fastest: byte[], short[] or float[].</param>
/// <param name="Shape">Their shape.</param>
/// <param name="PerObject">
/// True where the first axis counts objects: images of a batch follow each other along it. False for one array an image, which a batch
/// stacks along a new first axis.
/// </param>
internal sealed record TargetPart(Array Values, long[] Shape, bool PerObject);
