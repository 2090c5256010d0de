namespace YoloTune.Networks.Architecture;

/// <summary>A built-in model at one scale.</summary>
/// <param name="Name">What users type: yolo11n, yolov8s-seg, yolov9c.</param>
/// <param name="Family">yolo11, yolov8 ...</param>
/// <param name="Scale">The letter of the size; empty where the family has one size.</param>
/// <param name="Task">What its head predicts.</param>
/// <param name="Description">The description it is scaled from: yolo11, yolov8-seg, yolov9c.</param>
public sealed record CatalogEntry(string Name, string Family, string Scale, NetworkTask Task, string Description);
