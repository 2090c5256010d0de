using System.Collections;
using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>
/// Lets any hashtable or ordered dictionary stand for <see cref="AugmentationSettings"/>, whatever its keys; they are checked later.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AugmentationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not IDictionary table) return inputData;
        AugmentationSettings settings = [];
        foreach (DictionaryEntry entry in table) settings[entry.Key] = entry.Value;
        return settings;
    }
}
