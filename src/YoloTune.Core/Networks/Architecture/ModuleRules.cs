namespace YoloTune.Networks.Architecture;

/// <summary>The modules a model description may name.</summary>
public static class ModuleRules
{
    private static readonly Dictionary<string, ModuleRule> Rules = new(StringComparer.Ordinal)
    {
        ["BottleneckCSP"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C1"] = new(ModuleGroup.ScaledRepeating, 1, 1),
        ["C2"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C2f"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C3"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C3x"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C3Ghost"] = new(ModuleGroup.ScaledRepeating, 1, 4),
        ["C3k2"] = new(ModuleGroup.ScaledRepeating, 1, 6),
        ["RepC3"] = new(ModuleGroup.ScaledRepeating, 1, 2),
        ["C2fPSA"] = new(ModuleGroup.ScaledRepeating, 1, 2),
        ["C2PSA"] = new(ModuleGroup.ScaledRepeating, 1, 2),
        ["C2fCIB"] = new(ModuleGroup.ScaledRepeating, 1, 5),
        ["A2C2f"] = new(ModuleGroup.ScaledRepeating, 1, 8),
        ["Conv"] = new(ModuleGroup.Scaled, 1, 7),
        ["DWConv"] = new(ModuleGroup.Scaled, 1, 5),
        ["ConvTranspose"] = new(ModuleGroup.Scaled, 1, 6),
        ["Focus"] = new(ModuleGroup.Scaled, 1, 6),
        ["GhostConv"] = new(ModuleGroup.Scaled, 1, 5),
        ["Bottleneck"] = new(ModuleGroup.Scaled, 1, 5),
        ["GhostBottleneck"] = new(ModuleGroup.Scaled, 1, 3),
        ["SPP"] = new(ModuleGroup.Scaled, 1, 2),
        ["SPPF"] = new(ModuleGroup.Scaled, 1, 4),
        ["SPPELAN"] = new(ModuleGroup.Scaled, 2, 3),
        ["RepNCSPELAN4"] = new(ModuleGroup.Scaled, 3, 4),
        ["ELAN1"] = new(ModuleGroup.Scaled, 3, 3),
        ["ADown"] = new(ModuleGroup.Scaled, 1, 1),
        ["AConv"] = new(ModuleGroup.Scaled, 1, 1),
        ["PSA"] = new(ModuleGroup.Scaled, 1, 2),
        ["SCDown"] = new(ModuleGroup.Scaled, 3, 3),
        ["nn.ConvTranspose2d"] = new(ModuleGroup.Scaled, 2, 4),
        ["Concat"] = new(ModuleGroup.Concat, 0, 1),
        ["CBLinear"] = new(ModuleGroup.Split, 1, 5),
        ["CBFuse"] = new(ModuleGroup.Fuse, 1, 1),
        ["nn.Upsample"] = new(ModuleGroup.Same, 2, 3),
        ["nn.MaxPool2d"] = new(ModuleGroup.Same, 1, 3),
        ["nn.ZeroPad2d"] = new(ModuleGroup.Same, 1, 1),
        ["nn.BatchNorm2d"] = new(ModuleGroup.Same, 0, 1),
        ["nn.Identity"] = new(ModuleGroup.Same, 0, 1),
        // The name of the identity in the first release of YOLOv9e.
        ["Silence"] = new(ModuleGroup.Same, 0, 1),
    };

    /// <summary>The names a row may use.</summary>
    public static IEnumerable<string> Names => Rules.Keys.Concat(NetworkTask.All.SelectMany(task => task.Heads.Keys));

    /// <summary>The rule of a module, or null when there is no such module.</summary>
    public static ModuleRule? Find(string module) => Rules.GetValueOrDefault(module) ?? NetworkTask.HeadOf(module)?.Arguments;
}
