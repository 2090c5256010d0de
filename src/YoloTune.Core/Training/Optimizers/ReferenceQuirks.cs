namespace YoloTune.Training.Optimizers;

/// <summary>Rules of the reference that follow from how it is written, kept because trained weights equal its own only with them.</summary>
internal static class ReferenceQuirks
{
    /// <summary>
    /// What MuSGD takes for the class branch: the reference looks for "23" and "cv3" in the name. That fits a head in layer 23, as YOLO26's
    /// is, and no other; it also catches the last convolution of the mask prototypes there. The head itself knows its class branch
    /// (<see cref="Networks.Heads.IHead.ClassBranches"/>); with that, learning rates would differ from the reference's.
    /// </summary>
    public static bool IsClassBranch(string name) =>
        (name.Contains("23", StringComparison.Ordinal) && name.Contains("cv3", StringComparison.Ordinal))
        || name.Contains("proto.semseg", StringComparison.Ordinal);
}
