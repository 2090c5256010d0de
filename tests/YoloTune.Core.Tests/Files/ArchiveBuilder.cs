using YoloTune.Files.Torch;


namespace YoloTune.Tests.Files;

/// <summary>Makes zip archives in memory, honest and otherwise.</summary>
internal static class ArchiveBuilder
{
    /// <summary>An archive of torch's layout around a pickle, with the bytes of its storages.</summary>
    public static byte[] Torch(byte[] pickle, params byte[][] storages) =>
        Zip([("a/data.pkl", pickle), .. storages.Select((bytes, i) => ($"a/data/{i}", bytes)), ("a/version", "3\n"u8.ToArray())]);

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        StoredZipWriter zip = new(stream);
        foreach ((string name, byte[] content) in entries) zip.Add(name, content);
        zip.Finish();
        return stream.ToArray();
    }

    /// <summary>The pickle of a state dict {"w": tensor} over a storage of four floats.</summary>
    public static byte[] OneTensor(
        long[] shape, long[] strides, long offset = 0, string type = "FloatStorage", long count = 4, string key = "0") =>
        new PickleBuilder().Op(PickleOpcode.EMPTY_DICT).Text("w")
            .Tensor(shape, strides, offset, type, key, count).Op(PickleOpcode.SETITEM).End();
}
