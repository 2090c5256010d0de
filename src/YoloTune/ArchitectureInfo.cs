using YoloTune.Models;
using YoloTune.Networks;


namespace YoloTune.Commands;

/// <summary>A built-in architecture at one scale.</summary>
/// <param name="Name">What New-YoloModel takes: yolo11n.</param>
/// <param name="Family">The family: yolo11.</param>
/// <param name="Scale">The letter of the size; empty where there is one size.</param>
/// <param name="Task">What its head predicts.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Parameters">Number of parameters at the class count of its description.</param>
/// <param name="GFlops">Billions of operations for one image of 640 x 640 pixels (classification: 224 x 224).</param>
public sealed record ArchitectureInfo(string Name, string Family, string Scale, NetworkTask Task, int Layers, long Parameters, double GFlops);
