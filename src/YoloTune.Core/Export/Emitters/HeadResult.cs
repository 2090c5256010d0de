using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>What a detection head gives for every anchor, decoded, float32.</summary>
/// <param name="Boxes">[N, 4, A] in pixels: centre and size, or corners.</param>
/// <param name="Scores">[N, classes, A], 0-1.</param>
/// <param name="Extras">[N, extras, A]: mask coefficients, keypoints or the angle; null for plain detection.</param>
/// <param name="Prototypes">[N, masks, H, W]; null except for segmentation.</param>
internal sealed record HeadResult(OnnxValue Boxes, OnnxValue Scores, OnnxValue? Extras, OnnxValue? Prototypes);
