using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using YoloTune.Networks;
using YoloTune.Tasks.Classification;
using YoloTune.Tasks.Detection;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Pose;
using YoloTune.Tasks.Segmentation;

namespace YoloTune.Tasks;

/// <summary>The tasks there are. This and the tasks' own folders are the only places that name one.</summary>
internal static class TaskRegistry
{
    /// <summary>Makes the tasks known to the rooms above, which read model descriptions and checkpoints with them.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Rooms above Tasks must know the tasks before anything else of the assembly runs.")]
    internal static void Register() =>
        NetworkTask.Register(new DetectionTask(), new SegmentationTask(), new PoseTask(), new ObbTask(), new ClassificationTask());
}
