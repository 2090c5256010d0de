using System.Management.Automation;
using YoloTune.Inference;

namespace YoloTune.Commands.Base;

/// <summary>Lets the path of an .onnx file, or a file from Get-ChildItem, stand for the detector in it. The file is opened later.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DetectorTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Extension = ".onnx";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string? path = value switch
        {
            FileInfo file => file.FullName,
            string text => text,
            _ => null,
        };
        if (path is null || !path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return inputData;
        return new OnnxModel(value is FileInfo ? path : engineIntrinsics.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
    }
}
