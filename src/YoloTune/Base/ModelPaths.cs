using System.Management.Automation;
using System.Runtime.CompilerServices;
using YoloTune.Files;
using YoloTune.Inference;
using YoloTune.Models;

namespace YoloTune.Commands.Base;

/// <summary>
/// Reads a model where a cmdlet is given the path of one. Only text that ends like a model's file is taken for a path: at the first
/// position many cmdlets take something else too (class names, a dataset, layer numbers).
/// </summary>
internal static class ModelPaths
{
    private static readonly string[] Checkpoints = [".pt", ".pth", ".safetensors"];
    private static readonly ConditionalWeakTable<object, List<string>> Remarks = [];

    /// <summary>The model in the file that the input names, or the input itself where it names none.</summary>
    /// <param name="input">A path, a file of Get-ChildItem, or anything else.</param>
    /// <param name="session">PowerShell's locations and drives.</param>
    /// <param name="runsOnly">Whether the cmdlet only runs the model, so that an .onnx file will do; it is opened later.</param>
    /// <exception cref="ArgumentTransformationMetadataException">The file is not there, or holds no model.</exception>
    public static object Read(object input, PathIntrinsics session, bool runsOnly)
    {
        object value = input is PSObject wrapped ? wrapped.BaseObject : input;
        string? text = value switch { FileInfo file => file.FullName, string path => path, _ => null };
        bool EndsWith(string extension) => text!.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        bool isOnnx = text is not null && EndsWith(".onnx");
        if (text is null || !(isOnnx || Checkpoints.Any(EndsWith))) return input;
        try
        {
            if (isOnnx && runsOnly) return new OnnxModel(value is FileInfo ? text : PathResolver.OneOrLiteral(session, text));
            string full = value is FileInfo ? text : PathResolver.One(session, text);
            List<string> remarks = [];
            YoloModel model = ModelImporter.Import(full, remark: remarks.Add);
            if (remarks.Count > 0) Remarks.Add(model, remarks);
            return model;
        }
        catch (Exception error) when (ErrorRecords.IsExpected(error))
        {
            throw new ArgumentTransformationMetadataException(error.Message, error);
        }
    }

    /// <summary>What there is to say about a model that was read from a path; said once.</summary>
    public static IReadOnlyList<string> TakeRemarks(object? argument)
    {
        if (argument is not YoloModel model || !Remarks.TryGetValue(model, out List<string>? remarks)) return [];
        Remarks.Remove(model);
        return remarks;
    }
}
