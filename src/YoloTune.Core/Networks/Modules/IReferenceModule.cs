namespace YoloTune.Networks.Modules;

/// <summary>
/// What a module tells about its counterpart in PyTorch or Ultralytics, so that a checkpoint can be written that they load.
/// </summary>
internal interface IReferenceModule
{
    /// <summary>The dotted path of the class in Python, such as <c>ultralytics.nn.modules.conv.Conv</c>.</summary>
    string ClassPath { get; }

    /// <summary>
    /// The attributes the Python object needs besides its parameters and children, in order. Values are bool, int, double, string, null,
    /// <c>int[]</c> (a tuple) or <c>List&lt;int&gt;</c> (a list).
    /// </summary>
    IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; }
}
