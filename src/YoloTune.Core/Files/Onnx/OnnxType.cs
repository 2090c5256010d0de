namespace YoloTune.Files.Onnx;

/// <summary>Element types of ONNX tensors that our graphs use, with the numbers the format gives them.</summary>
internal enum OnnxType
{
    Float = 1,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
}
