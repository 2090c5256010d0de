namespace YoloTune.Data;

/// <summary>Labels of images that have a class as a whole.</summary>
internal sealed class WholeImageLabels : TaskLabels
{
    /// <inheritdoc/>
    public override bool WholeImages => true;
}
