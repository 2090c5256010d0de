using System.Text.Json;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

/// <summary>Reads the evaluation goldens' JSON into the shapes the engine takes.</summary>
internal static class EvaluationGoldens
{
    public const string Folder = "reference/training/goldens/";

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    public static float[] Floats(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetSingle())];

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(e => (int)e.GetDouble())];

    public static float[] FlatFloats(this JsonElement rows) => [.. rows.EnumerateArray().SelectMany(Floats)];

    /// <summary>Rows of ten zeros and ones as the bits <see cref="DetectionMatcher.Match"/> gives.</summary>
    public static ushort[] CorrectBits(this JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => (ushort)row.Ints().Select((hit, t) => hit << t).Sum())];

    public static Detections DetectionsOf(float[] boxes, float[] confidences, int[] classes)
    {
        float[] rows = new float[confidences.Length * 6];
        for (int i = 0; i < confidences.Length; i++)
        {
            boxes.AsSpan(i * 4, 4).CopyTo(rows.AsSpan(i * 6));
            rows[(i * 6) + 4] = confidences[i];
            rows[(i * 6) + 5] = classes[i];
        }
        return new Detections(rows, [.. Enumerable.Range(0, confidences.Length)]);
    }
}
