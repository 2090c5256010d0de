using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Tests.Files;

/// <summary>Files with random bytes changed, cut out or doubled are read or refused, and nothing else happens.</summary>
public sealed class CheckpointMutationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public sealed record Mutation(int Kind, int Place, int Length, byte Value);

    public static class Mutations
    {
        public static Arbitrary<Mutation[]> Arbitrary() => Gen.ArrayOf(
            from kind in Gen.Choose(0, 3)
            from place in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(1, 40)
            from value in Gen.Choose(0, 255)
            select new Mutation(kind, place, length, (byte)value)).Where(mutations => mutations.Length is > 0 and < 12).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Mutations)], MaxTest = 400)]
    public void A_mutated_pickle_is_read_or_refused(Mutation[] mutations) =>
        Try(mutations, Pickle.Value, bytes => PickleReader.Read(bytes));

    [Property(Arbitrary = [typeof(Mutations)], MaxTest = 200)]
    public void A_mutated_archive_is_read_or_refused(Mutation[] mutations) => Try(mutations, Archive.Value, ReadFile);

    [Property(Arbitrary = [typeof(Mutations)], MaxTest = 200)]
    public void An_archive_with_a_mutated_pickle_is_read_or_refused(Mutation[] mutations) =>
        Try(mutations, Pickle.Value, bytes => ReadFile(ArchiveBuilder.Torch(bytes, new byte[64])));

    [Property(Arbitrary = [typeof(Mutations)], MaxTest = 200)]
    public void A_mutated_safetensors_file_is_read_or_refused(Mutation[] mutations) => Try(mutations, SafeTensors.Value, ReadFile);

    private static Lazy<byte[]> Pickle { get; } = new(() =>
    {
        PickleStorage storage = new(new("torch", "FloatStorage"), "0", "cpu", 16);
        PickleDictionary parameters = new() { IsOrderedDict = true };
        parameters.Set("weight", new PickleTensor(storage, 0, [4, 4], [4, 1], true, true));
        parameters.Set("bias", null);
        PickleDictionary state = [];
        state.Set("training", false);
        state.Set("_parameters", parameters);
        state.Set("_buffers", new PickleDictionary { IsOrderedDict = true });
        state.Set("_non_persistent_buffers_set", new PickleList { IsSet = true });
        PickleDictionary names = [];
        names.Set(0L, "cell");
        state.Set("names", names);
        state.Set("stride", new PickleTensor(storage, 3, [2], [1]));
        state.Set("eps", 0.001);
        state.Set("yaml", names);
        PickleDictionary inner = [];
        foreach ((object key, object? value) in state) inner.Set(key, value);
        inner.Set("_modules", new PickleDictionary { IsOrderedDict = true });
        PickleDictionary children = new() { IsOrderedDict = true };
        children.Set("model", new PickleObject(new("torch.nn.modules.conv", "Conv2d"), PickleTuple.Empty) { State = inner });
        state.Set("_modules", children);
        PickleDictionary root = [];
        root.Set("epoch", -1L);
        root.Set("model", new PickleObject(new("ultralytics.nn.tasks", "DetectionModel"), PickleTuple.Empty) { State = state });
        root.Set("big", 1L << 50);
        return PickleWriter.ToBytes(root);
    });

    private static Lazy<byte[]> Archive { get; } = new(() => ArchiveBuilder.Torch(Pickle.Value, new byte[64]));

    private static Lazy<byte[]> SafeTensors { get; } = new(() =>
    {
        using TemporaryFolder folder = new();
        using torch.Tensor tensor = torch.ones(2, 3);
        SafeTensorsFile.Write(
            folder.File("a"), [KeyValuePair.Create("a", tensor), KeyValuePair.Create("b", tensor)], [KeyValuePair.Create("k", "v")]);
        return File.ReadAllBytes(folder.File("a"));
    });

    [Fact]
    public void The_files_are_valid_before_they_are_mutated()
    {
        ReadFile(Archive.Value);
        ReadFile(SafeTensors.Value);
    }

    private void ReadFile(byte[] bytes)
    {
        using CheckpointContent content = CheckpointReader.Read(folder.File("mutated", bytes));
        Assert.NotEmpty(content.Items);
    }

    private static void Try(Mutation[] mutations, byte[] valid, Action<byte[]> read)
    {
        List<byte> bytes = [.. valid];
        foreach (Mutation mutation in mutations)
        {
            if (bytes.Count == 0) break;
            int place = mutation.Place % bytes.Count;
            int length = Math.Min(mutation.Length, bytes.Count - place);
            switch (mutation.Kind)
            {
                case 0: bytes[place] = mutation.Value; break;
                case 1: bytes[place] ^= (byte)(1 << (mutation.Value & 7)); break;
                case 2: bytes.RemoveRange(place, length); break;
                default: bytes.InsertRange(place, bytes.GetRange(place, length)); break;
            }
        }
        Task reading = Task.Run(() =>
        {
            try
            {
                read([.. bytes]);
            }
            catch (ModelFormatException)
            {
                // Refusing is what a damaged file deserves.
            }
        });
        Assert.True(reading.Wait(Patience), "the reader hangs");
    }
}
