namespace YoloTune.Networks.Heads;

/// <summary>What a state dict says of a head's class outputs.</summary>
/// <param name="Count">The number of classes.</param>
/// <param name="BranchWidth">The hidden width of the class branch; null where the head has none.</param>
/// <param name="IsLegacy">Whether the class branch is the one of families before YOLO11; null where the head has none.</param>
internal sealed record StoredClasses(int Count, int? BranchWidth = null, bool? IsLegacy = null);

/// <summary>Reads a head's class outputs from a state dict; null where the head's own items are not there.</summary>
/// <param name="shapeOf">The shape of an item by its name within the head, such as <c>cv3.0.2.weight</c>; null for none.</param>
internal delegate StoredClasses? StoredClassReader(Func<string, long[]?> shapeOf);
