using System.Text.RegularExpressions;
using YoloTune.Networks.Architecture;

namespace YoloTune.Models;

/// <summary>Finds the items of a head that have one row a class.</summary>
internal static partial class ClassRows
{
    /// <summary>Weights and biases of the class outputs, of every level and branch.</summary>
    public static IEnumerable<ModelItem> Outputs(YoloModel model) => model.Items.Where(IsOutput);

    /// <summary>Whether the first dimension of an item is one row a class.</summary>
    public static bool IsOutput(ModelItem item) => item.Part == LayerPart.Head && Output().IsMatch(item.Name);

    [GeneratedRegex(@"^model\.\d+\.((one2one_)?cv3\.\d+\.2|proto\.semseg\.2|linear)\.(weight|bias)$", RegexOptions.CultureInvariant)]
    private static partial Regex Output();
}
