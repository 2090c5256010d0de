using System.Text;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Tests.Files;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string File(string header, int data, long? length = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return folder.File("x.safetensors", [.. BitConverter.GetBytes(length ?? json.Length), .. json, .. new byte[data]]);
    }

    [Theory]
    [InlineData(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
        + "'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}",
        16,
        "twice")]
    [InlineData(
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
        + "'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        12,
        "overlaps")]
    [InlineData("{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}", 12, "4 bytes before it")]
    [InlineData("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", 12, "4 bytes at the end")]
    [InlineData("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", 6, "ends at byte 8 of 6")]
    [InlineData("{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}", 8, "needs 12 bytes")]
    [InlineData("{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}", 8, "'-2'")]
    [InlineData("{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}", 8, "'2.5'")]
    [InlineData("{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}}", 8, "overflow")]
    [InlineData("{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}", 8, "begin and an end")]
    [InlineData("{'a':{'dtype':'F7','shape':[2],'data_offsets':[0,8]}}", 8, "'F7' is not known")]
    [InlineData("{'a':{'dtype':3,'shape':[2],'data_offsets':[0,8]}}", 8, "lacks")]
    [InlineData("{'a':{'shape':[2],'data_offsets':[0,8]}}", 8, "lacks")]
    [InlineData("{'a':7}", 0, "lacks")]
    [InlineData("{'__metadata__':{'a':1}}", 0, "not a text")]
    [InlineData("{'__metadata__':[]}", 0, "not an object")]
    [InlineData("{'a':", 0, "not valid JSON")]
    [InlineData("[]", 0, "not a JSON object")]
    public void A_header_that_contradicts_the_format_is_refused(string header, int data, string reason)
    {
        string path = File(header.Replace('\'', '"'), data);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Read(path));
        Assert.Contains(reason, exception.Message);
        Assert.Equal(path, exception.File);
        Assert.NotNull(exception.Position);
    }

    [Theory]
    [InlineData(1000L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(0L)]
    public void A_header_longer_than_the_file_is_refused(long length) =>
        Assert.Contains("does not fit", Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Read(File("{}", 0, length))).Message);

    [Fact]
    public void A_file_shorter_than_its_length_field_is_refused()
    {
        Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Read(folder.File("x.safetensors", [1, 2, 3])));
        Assert.Throws<ModelFormatException>(() => CheckpointReader.Read(folder.File("y.safetensors", [1, 2, 3])));
    }

    [Fact]
    public void Metadata_and_order_of_the_header_are_kept()
    {
        const string Header = """
            {"__metadata__":{"k":"v"},
             "b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},
             "a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}
            """;
        string path = File(Header, 3);
        SafeTensorsContent content = SafeTensorsFile.Load(path);
        Assert.Equal(["b", "a"], content.Tensors.Keys);
        Assert.Equal("v", content.Metadata["k"]);
        Assert.Equal("v", SafeTensorsFile.ReadMetadata(path)["k"]);
    }
}
