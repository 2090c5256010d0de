using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Runs.Records;

namespace YoloTune.Runs.Recovery;

/// <summary>
/// The state of a run between two epochs, in weights/resume.safetensors. The file before it is kept until the new one is complete and
/// even then, so that a damaged one costs one epoch and not the run.
/// </summary>
internal static class ResumeFile
{
    private const string Name = "resume.safetensors", NextName = "resume-next.safetensors", PreviousName = "resume-previous.safetensors";
    private const string StateKey = "state", DigestKey = "sha256";

    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the state.</summary>
    /// <remarks>Where another program has the file open, the new one keeps the name it was written under, which is read first.</remarks>
    public static void Write(
        RunFolder folder, ResumeState state, IEnumerable<(string Name, torch.Tensor Tensor)> tensors, LateFiles late)
    {
        using IDisposable untracked = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        List<KeyValuePair<string, torch.Tensor>> items =
            [.. tensors.Select(entry => KeyValuePair.Create(entry.Name, entry.Tensor.detach().cpu().contiguous()))];
        string json = JsonSerializer.Serialize(state, Json);
        Dictionary<string, string> metadata = new() { [StateKey] = json };
        string next = Path.Combine(folder.Weights, NextName), current = Path.Combine(folder.Weights, Name);
        RunFolder.Guard(current, () =>
        {
            SafeTensorsFile.Write(next, items, metadata);
            late.Write(current, () =>
            {
                if (!File.Exists(next)) return;
                if (File.Exists(current)) AtomicFile.Move(current, Path.Combine(folder.Weights, PreviousName));
                AtomicFile.Move(next, current);
            });
        });
    }

    /// <summary>Reads the newest state that is whole. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="warn">Told when a damaged file was passed over.</param>
    /// <exception cref="TrainingException">No file is whole.</exception>
    public static (ResumeState State, IReadOnlyDictionary<string, torch.Tensor> Tensors) Read(RunFolder folder, Action<string>? warn)
    {
        List<string> damaged = [];
        foreach (string name in (string[])[NextName, Name, PreviousName])
        {
            string path = Path.Combine(folder.Weights, name);
            if (!File.Exists(path)) continue;
            try
            {
                (ResumeState, IReadOnlyDictionary<string, torch.Tensor>) found = ReadFile(path);
                foreach (string reason in damaged) warn?.Invoke($"{reason} The run goes on from the checkpoint before it.");
                return found;
            }
            catch (ModelFormatException error)
            {
                damaged.Add(error.Message);
            }
        }
        throw damaged.Count > 0
            ? new TrainingException("every checkpoint of the run is damaged: " + damaged[0], folder.Path,
                remedy: "Start a new run from weights/best.pt or weights/last.pt.")
            : new TrainingException("the folder holds no run that can be resumed.", folder.Path,
                remedy: "Give the folder of a run, the one with args.yaml and weights in it.");
    }

    private static (ResumeState State, IReadOnlyDictionary<string, torch.Tensor> Tensors) ReadFile(string path)
    {
        SafeTensorsContent content = SafeTensorsFile.LoadIntoScope(path);
        if (!content.Metadata.TryGetValue(StateKey, out string? json))
            throw new ModelFormatException("the file is not a run's checkpoint.", path);

        // Before the checksum of the whole file there was a digest of state and tensors.
        if (!content.HasChecksum && content.Metadata.GetValueOrDefault(DigestKey) != Digest(json, content.Tensors))
            throw new ModelFormatException("the checkpoint is damaged: its digest differs.", path);
        try
        {
            ResumeState state = JsonSerializer.Deserialize<ResumeState>(json, Json)
                ?? throw new ModelFormatException("the checkpoint's state is empty.", path);
            return (state, content.Tensors);
        }
        catch (JsonException error)
        {
            throw new ModelFormatException("the checkpoint's state cannot be read: " + error.Message, path, inner: error);
        }
    }

    private static string Digest(string json, IEnumerable<KeyValuePair<string, torch.Tensor>> items)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(json));
        foreach ((string name, torch.Tensor tensor) in items.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            if (tensor.numel() > 0) hash.AppendData(tensor.bytes);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
