namespace YoloTune.DatasetTools.Conversion;

/// <summary>What to do with a property of a JSON file's top level.</summary>
internal enum JsonPart
{
    /// <summary>Pass over it.</summary>
    Skip,

    /// <summary>Hand over its value.</summary>
    Value,

    /// <summary>Hand over the items of its list, one by one.</summary>
    Items,
}
