using TorchSharp;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Takes a fused state dict apart, as the reference's predict() leaves a model: BatchNorm is folded into the convolutions, the branches of
/// RepVGG blocks into one, and end-to-end heads have lost the branch that only training needs. The result computes the same.
/// </summary>
internal static class FusedWeights
{
    private const double DetectorEpsilon = 1e-3, ClassifierEpsilon = 1e-5;

    /// <summary>What the user should know of such a file.</summary>
    public const string Remark =
        "It holds a fused model, as the reference's predict() leaves it: BatchNorm is folded into the convolutions. "
        + "It predicts what it did, but its BatchNorm statistics are lost: to fine-tune, "
        + "take a checkpoint that was saved before predict().";

    private static readonly string[] Convolutions = [".conv", ".conv_transpose"];

    /// <summary>
    /// Gives every convolution whose BatchNorm was folded into its bias a BatchNorm that adds that bias and does nothing else.
    /// </summary>
    /// <returns>How many there were.</returns>
    public static int Unfold(Dictionary<string, torch.Tensor> state)
    {
        double epsilon = state.Keys.Any(name => name.EndsWith(".linear.weight", StringComparison.Ordinal))
            ? ClassifierEpsilon
            : DetectorEpsilon;
        int count = 0;
        foreach ((string name, torch.Tensor bias) in state.ToArray())
        {
            if (Convolutions.FirstOrDefault(kind => name.EndsWith(kind + ".bias", StringComparison.Ordinal)) is not { } kind) continue;
            string block = name[..^(kind.Length + ".bias".Length)];
            bool isFolded = state.TryGetValue(block + kind + ".weight", out torch.Tensor? kernels) && kernels.dim() == 4
                && !state.ContainsKey(block + ".bn.weight");
            if (!isFolded) continue;
            state.Remove(name);
            AddNorm(state, block + ".bn", torch.ones([bias.shape[0]]), bias, epsilon);
            count++;
        }
        return count;
    }

    /// <summary>Fills in what the network has beyond an unfolded state dict, where it follows from what is there.</summary>
    /// <param name="wanted">The names of the network's items.</param>
    /// <param name="state">The unfolded state dict.</param>
    public static void Complete(IReadOnlyCollection<string> wanted, Dictionary<string, torch.Tensor> state)
    {
        HashSet<string> all = [.. wanted];
        foreach (string name in wanted)
        {
            if (state.ContainsKey(name)) continue;
            if (name.EndsWith(".conv1.conv.weight", StringComparison.Ordinal))
                SplitBranches(name[..^".conv1.conv.weight".Length], all, state);
            else if (OneToOne(name) is { } twin && state.TryGetValue(twin, out torch.Tensor? learned)) state[name] = learned;
        }
    }

    /// <summary>
    /// RepConv (3x3 and 1x1) and RepVGGDW (7x7 and 3x3): the larger kernel holds all there is; the smaller one gets the middle of it with a
    /// BatchNorm of factor 0, so that it adds nothing yet and can learn.
    /// </summary>
    private static void SplitBranches(string block, HashSet<string> wanted, Dictionary<string, torch.Tensor> state)
    {
        bool isDepthwise = wanted.Contains(block + ".conv.conv.weight");
        (string large, string small, long side) = isDepthwise ? (".conv", ".conv1", 3L) : (".conv1", ".conv2", 1L);
        string folded = block + ".conv.weight";
        if (!wanted.Contains(block + small + ".conv.weight") || !state.TryGetValue(folded, out torch.Tensor? kernels)
            || !state.TryGetValue(block + ".bn.bias", out torch.Tensor? bias) || kernels.dim() != 4 || kernels.shape[3] < side)
        {
            return;
        }
        foreach (string item in (string[])["weight", "bias", "running_mean", "running_var", "num_batches_tracked"])
        {
            state.Remove($"{block}.bn.{item}", out torch.Tensor? value);
            state[$"{block}{large}.bn.{item}"] = value!;
        }
        state.Remove(folded);
        state[$"{block}{large}.conv.weight"] = kernels;
        long margin = (kernels.shape[3] - side) / 2;
        state[$"{block}{small}.conv.weight"] = kernels.narrow(2, margin, side).narrow(3, margin, side).clone();
        foreach (string idle in (string[])[$"{small}.bn", ".bn"])
        {
            if (wanted.Contains(block + idle + ".weight"))
                AddNorm(state, block + idle, torch.zeros_like(bias), torch.zeros_like(bias), DetectorEpsilon);
        }
    }

    /// <summary>
    /// The one-to-one branch starts as a copy of the branch that is missing; <c>model.23.cv2</c> has <c>model.23.one2one_cv2</c>.
    /// </summary>
    private static string? OneToOne(string name)
    {
        string[] parts = name.Split('.');
        if (parts.Length < 4 || !parts[2].StartsWith("cv", StringComparison.Ordinal)) return null;
        parts[2] = "one2one_" + parts[2];
        return string.Join('.', parts);
    }

    private static void AddNorm(Dictionary<string, torch.Tensor> state, string norm, torch.Tensor weight, torch.Tensor bias, double epsilon)
    {
        state[norm + ".weight"] = weight;
        state[norm + ".bias"] = bias;
        state[norm + ".running_mean"] = torch.zeros([bias.shape[0]]);
        state[norm + ".running_var"] = torch.full([bias.shape[0]], 1 - epsilon);
        state[norm + ".num_batches_tracked"] = torch.zeros([], torch.int64);
    }
}
