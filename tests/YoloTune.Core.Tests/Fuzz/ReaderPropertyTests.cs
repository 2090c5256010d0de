using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Files.Inspection;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Fuzz;

/// <summary>What holds of every file of a kind, tried with files that FsCheck makes up.</summary>
public sealed class ReaderPropertyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A plain value as a checkpoint may hold it, of bounded depth.</summary>
    public static class Values
    {
        public static Arbitrary<Boxed> Arbitrary() =>
            Gen.Sized(size => Value(Math.Min(size, 4))).Select(value => new Boxed(value)).ToArbitrary();

        private static Gen<object?> Value(int depth)
        {
            Gen<object?> leaf = Gen.OneOf(
                Gen.Constant<object?>(null),
                ArbMap.Default.GeneratorFor<bool>().Select(value => (object?)value),
                ArbMap.Default.GeneratorFor<long>().Select(value => (object?)value),
                ArbMap.Default.GeneratorFor<double>().Select(value => (object?)value),
                ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => (object?)text.Get));
            if (depth == 0) return leaf;
            Gen<object?> list = Gen.ListOf(Value(depth - 1)).Select(items =>
            {
                PickleList made = [];
                foreach (object? item in items.Take(8)) made.Add(item);
                return (object?)made;
            });
            Gen<object?> dictionary = Gen.ListOf(Value(depth - 1)).Select(items =>
            {
                PickleDictionary made = [];
                foreach (object? item in items.Take(8)) made.Set((long)made.Count, item);
                return (object?)made;
            });
            return Gen.OneOf(leaf, list, dictionary);
        }
    }

    public sealed record Boxed(object? Value);

    [Property(Arbitrary = [typeof(Values)], MaxTest = 300)]
    public void What_is_written_as_a_pickle_is_read_back_and_inspected_as_safe(Boxed boxed)
    {
        PickleReport report = new();
        object? back = PickleReader.Read(PickleWriter.ToBytes(boxed.Value), report: report);
        Assert.True(report.IsSafe);
        Assert.Equal(Text(boxed.Value), Text(back));
    }

    [Property(MaxTest = 200)]
    public void A_name_of_the_system_is_found_wherever_it_stands(NonNegativeInt before, bool old)
    {
        PickleBuilder builder = new PickleBuilder(old ? 2 : 4).Op(PickleOpcode.EMPTY_LIST);
        for (int i = 0; i < before.Get % 100; i++) builder.Int(i).Op(PickleOpcode.APPEND);
        if (old) builder.Global("posix", "system");
        else builder.Text("posix").Text("system").Op(PickleOpcode.STACK_GLOBAL);
        byte[] pickle = builder.Op(PickleOpcode.APPEND).End();
        CheckpointReport report = CheckpointInspector.Inspect(folder.File("a.pt", ArchiveBuilder.Torch(pickle)));
        Assert.Equal(CheckpointVerdict.Unsafe, report.Verdict);
        Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle));
    }

    [Property(MaxTest = 100)]
    public void Tensors_of_any_shape_come_back_from_safetensors(PositiveInt rows, PositiveInt columns, NonNull<string> name)
    {
        using torch.Tensor tensor = torch.arange(rows.Get % 20 * (columns.Get % 20)).reshape(rows.Get % 20, columns.Get % 20);
        // Half a surrogate pair is no text that JSON can carry.
        string valid = "t" + new string([.. name.Get.Where(letter => !char.IsSurrogate(letter))]);
        string path = folder.File("a.safetensors");
        SafeTensorsFile.Write(path, [KeyValuePair.Create(valid, tensor)]);
        Assert.Equal(tensor.shape, CheckpointInspector.Inspect(path).Tensors.Single().Shape);
        SafeTensorsContent content = SafeTensorsFile.Load(path);
        using torch.Tensor back = content.Tensors[valid];
        Assert.Equal(0, (back - tensor).abs().sum().ToInt64());
    }

    [Property(MaxTest = 300)]
    public void Every_line_of_a_label_file_is_a_label_or_a_problem(NonNull<string>[] lines)
    {
        string text = string.Join('\n', lines.Select(line => line.Get.Replace('\n', ' ').Replace('\r', ' ')));
        LabelFileContent content = LabelFile.Parse(text, "a.txt", new() { ClassCount = 3 });
        int filled = text.TrimStart('\uFEFF')
            .Split('\n').Count(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > 0);
        Assert.Equal(
            filled, (content.Labels?.Count ?? 0) + content.Problems.Count(problem => problem.Action != YoloTune.Data.ProblemAction.Kept));
    }

    [Property(MaxTest = 200)]
    public void A_row_that_is_written_is_read_back(PositiveInt id, NormalFloat x, NormalFloat y)
    {
        LabelBox box = new((float)(Math.Abs(x.Get) % 1), (float)(Math.Abs(y.Get) % 1), 0.25f, 0.5f);
        LabelFileContent content = LabelFile.Parse(LabelFile.Format(id.Get % 3, box), "a.txt", new() { ClassCount = 3 });
        Assert.Empty(content.Problems);
        Assert.Equal(id.Get % 3, Assert.Single(content.Labels!.Classes));
        Assert.Equal(box.X, Assert.Single(content.Labels.Boxes).X, 1e-5f);
    }

    private static string Text(object? value) => value switch
    {
        PickleList list => "[" + string.Join(',', list.Select(Text)) + "]",
        PickleDictionary dictionary => "{" + string.Join(',', dictionary.Select(entry => $"{entry.Key}:{Text(entry.Value)}")) + "}",
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x"),
        null => "None",
        _ => value.GetType().Name + value,
    };
}
