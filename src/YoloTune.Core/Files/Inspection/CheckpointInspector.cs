using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>Looks into model files: what they contain, and whether other programs would run something of it.</summary>
public static class CheckpointInspector
{
    /// <summary>
    /// Inspects a file. Damage and hostile content are reported, not thrown; what is found before a file turns out to be damaged is in the
    /// report.
    /// </summary>
    /// <param name="path">A .pt, a .safetensors or an .onnx file.</param>
    /// <param name="limits">What reading may cost; null for <see cref="PickleLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The file is missing, empty or no model file.</exception>
    public static CheckpointReport Inspect(string path, PickleLimits? limits = null)
    {
        limits ??= PickleLimits.Default;
        byte[] start;
        long length;
        using (SafeFileHandle handle = ModelFile.Open(path))
        {
            length = RandomAccess.GetLength(handle);
            start = ModelFile.Read(handle, 0, (int)Math.Min(length, 512), path);
        }
        bool hasExtension(string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
        if (TorchArchive.IsZip(start)) return InspectArchive(path, length, CheckpointFormat.TorchZip, limits);
        if (TorchArchive.IsLegacy(start)) return InspectArchive(path, length, CheckpointFormat.TorchLegacy, limits);
        if (hasExtension(".onnx")) return OnnxInspection.Inspect(path, length);
        if (SafeTensorsFile.LooksLikeOne(start, length) || hasExtension(".safetensors")) return InspectSafeTensors(path, length);
        return InspectPickle(path, length, limits) ?? throw TorchArchive.NotAnArchive(start, path);
    }

    private static CheckpointReport InspectArchive(string path, long length, CheckpointFormat format, PickleLimits limits)
    {
        PickleReport pickle = new();
        try
        {
            using TorchArchive archive = TorchArchive.Open(path, limits, pickle);
            return Report(path, length, format, pickle, PickleTensorNames.Of(archive.Root), null) with
            {
                Records = archive.Records.ToArray(),
                Metadata = CheckpointReader.ReadMetadata(archive),
            };
        }
        catch (ModelFormatException exception)
        {
            return Report(path, length, format, pickle, Unnamed(pickle), exception.Message);
        }
    }

    /// <summary>Reads any other file as a bare pickle; null where it neither is one to its end nor names anything dangerous.</summary>
    private static CheckpointReport? InspectPickle(string path, long length, PickleLimits limits)
    {
        PickleReport pickle = new();
        try
        {
            using SafeFileHandle handle = ModelFile.Open(path);
            PickleInput input = new((target, offset) => ModelFile.ReadExactly(handle, target, offset, path), length, path, "pickle");
            object? root = new PickleReader(input, limits, pickle).Read();
            return Report(path, length, CheckpointFormat.Pickle, pickle, PickleTensorNames.Of(root), null);
        }
        catch (ModelFormatException exception)
        {
            return pickle.IsSafe ? null : Report(path, length, CheckpointFormat.Pickle, pickle, Unnamed(pickle), exception.Message);
        }
    }

    private static CheckpointReport InspectSafeTensors(string path, long length)
    {
        CheckpointReport report = new()
        {
            Path = path,
            Format = CheckpointFormat.SafeTensors,
            Length = length,
            Findings = Array.Empty<CheckpointFinding>(),
            Globals = Array.Empty<CheckpointGlobal>(),
            Tensors = Array.Empty<CheckpointTensor>(),
        };
        try
        {
            SafeTensorsHeader header = SafeTensorsFile.ReadHeader(path);
            return report with
            {
                Tensors = header.Entries.Select(entry => new CheckpointTensor(entry.Name, entry.Type.ToString().ToLowerInvariant(), entry.Shape)).ToArray(),
                Metadata = header.Metadata,
            };
        }
        catch (ModelFormatException exception)
        {
            return report with { Problem = exception.Message };
        }
    }

    private static List<CheckpointTensor> Unnamed(PickleReport pickle) => [.. pickle.Tensors.Select(tensor => PickleTensorNames.Describe(tensor, ""))];

    private static CheckpointReport Report(
        string path, long length, CheckpointFormat format, PickleReport pickle, List<CheckpointTensor> tensors, string? problem)
    {
        string place = format == CheckpointFormat.TorchZip ? "data.pkl" : "pickle";
        return new()
        {
            Path = path,
            Format = format,
            Length = length,
            Problem = problem ?? pickle.Refusal,
            Findings = pickle.Findings.Select(finding => new CheckpointFinding(
                FormattableString.Invariant($"{place}, byte {finding.Position}"), finding.Opcode.ToString(), finding.Global?.ToString() ?? "", finding.Reason)).ToArray(),
            Globals = pickle.Globals.Select(entry => new CheckpointGlobal(
                entry.Key.ToString(), entry.Value, PickleGlobalPolicy.WhyDangerous(entry.Key) is not null)).ToArray(),
            Tensors = tensors.ToArray(),
            Opcodes = pickle.Opcodes.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
        };
    }
}
