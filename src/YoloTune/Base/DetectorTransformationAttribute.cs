using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>Lets the path of a checkpoint or an .onnx file, or a file from Get-ChildItem, stand for the model in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DetectorTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        ModelPaths.Read(inputData, engineIntrinsics.SessionState.Path, runsOnly: true);
}
