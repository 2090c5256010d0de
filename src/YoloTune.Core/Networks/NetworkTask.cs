using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;

namespace YoloTune.Networks;

/// <summary>
/// What a model predicts, as far as its network has to know: the heads, the names in files and the defaults. The concrete tasks stand in
/// the room Tasks and register themselves when the assembly is loaded, so that no room above names one.
/// </summary>
public abstract class NetworkTask : IComparable<NetworkTask>, IComparable
{
    private static NetworkTask[] registered = [];

    /// <summary>The name as users see it, such as Detect.</summary>
    public abstract string Name { get; }

    /// <summary>The name in the reference's files and arguments, such as detect.</summary>
    public string ReferenceName => Name.ToLowerInvariant();

    /// <summary>The class of such a network in the reference's checkpoints, such as DetectionModel.</summary>
    public abstract string ReferenceClass { get; }

    /// <summary>Other classes of the reference whose networks have this task.</summary>
    public virtual IReadOnlyList<string> OtherReferenceClasses => [];

    /// <summary>The image size, in pixels, where neither the user nor the model gives one.</summary>
    public virtual int DefaultImageSize => ImageSizes.Usual;

    /// <summary>Image sizes are raised to a multiple of this, in pixels, even where the network itself would take smaller steps.</summary>
    public virtual int LeastSizeStep => 1;

    /// <summary>Whether predictions are objects with places; false where the whole image gets a class.</summary>
    public virtual bool PredictsObjects => true;

    /// <summary>Whether predictions have axis-parallel boxes.</summary>
    public virtual bool PredictsUprightBoxes => true;

    /// <summary>Added to the variance by the network's BatchNorm layers.</summary>
    public virtual double NormEpsilon => 1e-3;

    /// <summary>The fraction of a batch's statistics in the running statistics of BatchNorm layers.</summary>
    public virtual double NormMomentum => 0.03;

    /// <summary>All tasks, in the order that lists show them in.</summary>
    public static IReadOnlyList<NetworkTask> All => registered;

    /// <summary>The task of files that name none: those of the oldest tools, which knew one task.</summary>
    public static NetworkTask Default => registered[0];

    /// <summary>The heads, by their module name in model descriptions.</summary>
    internal abstract IReadOnlyDictionary<string, HeadRule> Heads { get; }

    /// <summary>The task of a name, whatever its case. PowerShell converts strings with it.</summary>
    /// <exception cref="FormatException">There is no such task.</exception>
    public static NetworkTask Parse(string name) => Find(name) ?? throw new FormatException(
        $"There is no task '{name}'. The tasks are {string.Join(", ", All.Select(task => task.Name))}.");

    /// <summary>The task of a name, whatever its case, or null.</summary>
    public static NetworkTask? Find(string name) =>
        Array.Find(registered, task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The task of a network class of the reference, or null.</summary>
    public static NetworkTask? OfReferenceClass(string name) =>
        Array.Find(registered, task => task.ReferenceClass == name || task.OtherReferenceClasses.Contains(name));

    /// <summary>Orders tasks as <see cref="All"/> does.</summary>
    public int CompareTo(NetworkTask? other) => Array.IndexOf(registered, this).CompareTo(Array.IndexOf(registered, other));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as NetworkTask);

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Sets the tasks there are; called once, when the assembly is loaded.</summary>
    internal static void Register(params NetworkTask[] tasks) => registered = tasks;

    /// <summary>The rule of a head's module, or null when no task has such a head.</summary>
    internal static HeadRule? HeadOf(string module)
    {
        foreach (NetworkTask task in registered)
        {
            if (task.Heads.TryGetValue(module, out HeadRule? rule)) return rule;
        }
        return null;
    }

    /// <summary>The task whose head a module is, or null.</summary>
    internal static NetworkTask? OfHead(string module) => Array.Find(registered, task => task.Heads.ContainsKey(module));

    /// <summary>What every detection-type head is built with.</summary>
    private protected static Heads.HeadSettings SettingsOf(ModelPlan plan, BlockSettings blocks) => new()
    {
        Blocks = blocks,
        ClassCount = plan.ClassCount,
        RegMax = plan.RegMax,
        EndToEnd = plan.EndToEnd,
        LegacyClassBranch = plan.LegacyClassBranch,
        Channels = plan.Head.InputChannels,
        ClassBranchWidth = plan.ClassBranchWidth,
    };

    /// <summary>The row of a detection-type head.</summary>
    private protected static ModuleRule HeadRow(int minimum, int maximum) => new(ModuleGroup.DetectionHead, minimum, maximum);
}
