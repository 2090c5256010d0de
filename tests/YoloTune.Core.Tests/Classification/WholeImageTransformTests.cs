using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Augmentation.WholeImages;
using YoloTune.Images;

namespace YoloTune.Tests.Classification;

public sealed class WholeImageTransformTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void The_validation_transform_equals_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("val_transform.json");
        IReadOnlyDictionary<string, torch.Tensor> images = ClassGolden.Tensors("val_transform.safetensors");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] size = [.. entry.GetProperty("image_hw").EnumerateArray().Select(value => value.GetInt32())];
            JsonElement wanted = entry.GetProperty("size");
            int[] frame = wanted.ValueKind == JsonValueKind.Array
                ? [.. wanted.EnumerateArray().Select(value => value.GetInt32())] : [wanted.GetInt32(), wanted.GetInt32()];
            string name = $"{size[0]}x{size[1]}";
            string target = wanted.ValueKind == JsonValueKind.Array ? $"{frame[0]}x{frame[1]}" : $"{frame[0]}";
            using ImageBuffer image = ClassGolden.Image(images["in_" + name]);
            using ImageBuffer actual = CentreCrop.Apply(image, frame[0], frame[1]);
            Assert.Equal((0, 0), ClassGolden.Difference(ClassGolden.Planes(images[$"out_{name}_to_{target}"]), ClassGolden.Planes(actual)));
            cases++;
        }
        Assert.Equal(27, cases);
    }

    [SkippableFact]
    public void Every_training_operation_equals_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("train_ops.json");
        IReadOnlyDictionary<string, torch.Tensor> images = ClassGolden.Tensors("train_ops.safetensors");
        int cases = 0, exact = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("ops").EnumerateArray())
        {
            string name = entry.GetProperty("name").GetString()!;
            using ImageBuffer actual = Operate(entry, images["image"]);
            (int largest, int count) = ClassGolden.Difference(ClassGolden.Planes(images["op." + name]), ClassGolden.Planes(actual));
            if (largest > 0) output.WriteLine($"{name}: {count} levels differ by up to {largest}");
            Assert.Equal(0, largest);
            cases++;
            if (largest == 0) exact++;
        }
        Assert.Equal((55, 55), (cases, exact));
    }

    [SkippableFact]
    public void Whole_chains_with_the_drawn_parameters_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("train_seeded.json");
        IReadOnlyDictionary<string, torch.Tensor> images = ClassGolden.Tensors("train_seeded.safetensors");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("items").EnumerateArray())
        {
            string kind = entry.GetProperty("kind").GetString()!;
            // The trace of augmix lacks the weights.
            if (kind == "augmix") continue;
            WholeImageDraw draw = Trace(entry.GetProperty("trace"));
            using ImageBuffer image = ClassGolden.Image(images["image"]);
            using ImageBuffer actual = WholeImageTransform.Apply(image, draw, 32);
            string name = $"{kind}.{entry.GetProperty("seed").GetInt32()}";
            (int largest, int count) = ClassGolden.Difference(ClassGolden.Planes(images[name]), ClassGolden.Planes(actual));
            Assert.True(largest == 0, $"{name}: {count} levels differ by up to {largest}");
            cases++;
        }
        Assert.Equal(12, cases);
    }

    [SkippableFact]
    public void Mixed_chains_of_the_same_generator_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("train_seeded.json");
        IReadOnlyDictionary<string, torch.Tensor> images = ClassGolden.Tensors("train_seeded.safetensors");
        foreach (JsonElement entry in golden.RootElement.GetProperty("items").EnumerateArray()
            .Where(entry => entry.GetProperty("kind").GetString() == "augmix"))
        {
            OperationDraw[] operations = [.. Operations(entry.GetProperty("trace"))];
            WholeImageDraw draw = Trace(entry.GetProperty("trace")) with { Operations = [] };
            using ImageBuffer image = ClassGolden.Image(images["image"]);
            byte[] expected = ClassGolden.Planes(images[$"augmix.{entry.GetProperty("seed").GetInt32()}"]);
            // Weights and depths are not in the trace. With each way to cut the six operations into chains, the weights that fit best are
            // those of a linear equation; the right ones leave nothing but the truncation.
            // The reference mixes tensors, whose warps round where those of pictures truncate and fade at the border: a few pixels differ.
            double best = double.PositiveInfinity;
            foreach ((int first, int second) in from first in Enumerable.Range(1, 3) from second in Enumerable.Range(1, 3)
                     where operations.Length - first - second is >= 1 and <= 3 select (first, second))
            {
                OperationDraw[][] chains = [operations[..first], operations[first..(first + second)], operations[(first + second)..]];
                best = Math.Min(best, Misfit(image, draw, chains, expected));
            }
            output.WriteLine($"{entry.GetProperty("seed").GetInt32()}: {best:g3}");
            Assert.InRange(best, 0, 1.01);
        }
    }

    [SkippableFact]
    public void Tables_of_operations_equal_the_reference()
    {
        using JsonDocument golden = ClassGolden.Json("train_ops.json");
        AssertTable(golden.RootElement.GetProperty("randaugment_space"), OperationTable.RandAugment(40, 56));
        AssertTable(golden.RootElement.GetProperty("autoaugment_space"), OperationTable.AutoAugment(40, 56));
        AssertTable(golden.RootElement.GetProperty("augmix_space"), OperationTable.AugMix(40, 56));
        JsonElement[] pairs = [.. golden.RootElement.GetProperty("autoaugment_policies_imagenet").EnumerateArray()];
        Assert.Equal(pairs.Length, AutoAugmentPolicy.Pairs.Count);
        foreach ((JsonElement pair, (AutoAugmentPolicy.Part first, AutoAugmentPolicy.Part second)) in pairs.Zip(AutoAugmentPolicy.Pairs))
        {
            foreach ((JsonElement part, AutoAugmentPolicy.Part own) in pair.EnumerateArray().Zip([first, second]))
            {
                Assert.Equal(part[0].GetString(), own.Operation.ToString());
                Assert.Equal(part[1].GetDouble(), own.Probability);
                if (part[2].ValueKind == JsonValueKind.Number) Assert.Equal(part[2].GetInt32(), own.Level);
            }
        }
    }

    [Theory]
    [InlineData(AutoAugmentKind.RandAugment)]
    [InlineData(AutoAugmentKind.AutoAugment)]
    [InlineData(AutoAugmentKind.AugMix)]
    [InlineData(AutoAugmentKind.None)]
    public void Draws_stay_within_their_ranges(AutoAugmentKind kind)
    {
        AugmentationOptions options = new() { AutoAugment = kind, FlipUd = 0.5 };
        int mirrored = 0, turned = 0, erased = 0;
        HashSet<ImageOperation> seen = [];
        for (int i = 0; i < 400; i++)
        {
            WholeImageDraw draw = WholeImageDraws.Draw(new RandomStream(1, "item", 0, i), options, 50, 80, 64);
            Assert.InRange(draw.Crop.Height * draw.Crop.Width / 4000.0, 0.48, 1);
            Assert.InRange(draw.Crop.Width / (double)draw.Crop.Height, 0.73, 1.37);
            using ImageBuffer image = Data.TestFiles.Pattern(50, 80);
            WholeImageTransform.Apply(image, draw, 64).Dispose();
            seen.UnionWith(draw.Operations.Concat(draw.Mix?.Chains.SelectMany(chain => chain.Operations) ?? []).Select(o => o.Operation));
            if (draw.Mix is { } mix) Assert.Equal(1, mix.Own + mix.Chains.Sum(chain => chain.Weight), 5);
            (mirrored, turned, erased) =
                (mirrored + (draw.Mirror ? 1 : 0), turned + (draw.UpsideDown ? 1 : 0), erased + (draw.Erase is null ? 0 : 1));
        }
        Assert.InRange(mirrored, 150, 250);
        Assert.InRange(turned, 150, 250);
        Assert.InRange(erased, 110, 210);
        int operations = kind switch
        {
            AutoAugmentKind.None => 0, AutoAugmentKind.AugMix => 13, AutoAugmentKind.RandAugment => 14, _ => 10,
        };
        Assert.Equal(operations, seen.Count);
    }

    private static ImageBuffer Operate(JsonElement entry, torch.Tensor pixels)
    {
        ImageBuffer image = ClassGolden.Image(pixels);
        string kind = entry.GetProperty("kind").GetString()!;
        int Number(string name) => entry.GetProperty(name).GetInt32();
        switch (kind)
        {
            case "resized crop":
                return SmoothResizer.Resize(
                    image, new ImageArea(Number("top"), Number("left"), Number("height"), Number("width")), Number("size"), Number("size"));
            case "horizontal flip": WholeImageTransform.Mirror(image); return image;
            case "vertical flip": WholeImageTransform.TurnOver(image); return image;
            case "hue": HueShift.Apply(image, entry.GetProperty("hue").GetDouble()); return image;
            case "erase":
                for (int y = Number("top"); y < Number("top") + Number("height"); y++)
                    image.Row(y).Slice(Number("left"), Number("width")).Fill(0xFF000000u);
                return image;
            case "colour jitter":
                double[] factors =
                    [.. ((string[])["brightness", "contrast", "saturation", "hue"]).Select(name => entry.GetProperty(name).GetDouble())];
                foreach (int step in entry.GetProperty("order").EnumerateArray().Select(value => value.GetInt32()))
                    WholeImageTransform.Jitter(image, (JitterStep)step, factors[step]);
                return image;
            default:
                return WholeImageTransform.Apply(image,
                    new OperationDraw(Enum.Parse<ImageOperation>(kind), entry.GetProperty("magnitude").GetSingle()));
        }
    }

    private static IEnumerable<OperationDraw> Operations(JsonElement trace) => trace.EnumerateArray()
        .Where(step => step[0].GetString() == "op")
        .Select(step => new OperationDraw(Enum.Parse<ImageOperation>(step[1].GetString()!), step[2].GetSingle()));

    private static WholeImageDraw Trace(JsonElement trace)
    {
        WholeImageDraw draw = new(default(ImageArea)) { Operations = [.. Operations(trace)] };
        foreach (JsonElement step in trace.EnumerateArray())
        {
            ImageArea Area() => new(step[1].GetInt32(), step[2].GetInt32(), step[3].GetInt32(), step[4].GetInt32());
            draw = step[0].GetString() switch
            {
                "crop_top_left_h_w" => draw with { Crop = Area() },
                "hflip" => draw with { Mirror = true },
                "erase_top_left_h_w" => draw with { Erase = Area() },
                "jitter_order_b_c_s_h" => draw with
                {
                    Jitter = new([.. step[1].EnumerateArray().Select(i => ((JitterStep)i.GetInt32(), step[2 + i.GetInt32()].GetDouble()))]),
                },
                _ => draw,
            };
        }
        return draw;
    }

    private static double Misfit(ImageBuffer image, WholeImageDraw draw, OperationDraw[][] chains, byte[] expected)
    {
        WholeImageDraw[] parts = [draw with { Erase = null }, .. chains.Select(chain => draw with { Operations = chain, Erase = null })];
        float[][] levels = [.. parts.Select(part =>
        {
            using ImageBuffer made = WholeImageTransform.Apply(image, part, 32);
            return ClassGolden.Planes(made).Select(level => (float)level).ToArray();
        })];
        int[] places = [.. Enumerable.Range(0, expected.Length).Where(i => expected[i] > 0)];
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor a = torch.stack([.. levels.Select(row => torch.tensor(places.Select(i => (double)row[i]).ToArray()))], 1);
        torch.Tensor b = torch.tensor(places.Select(i => expected[i] + 0.5).ToArray()).unsqueeze(1);
        torch.Tensor weights = torch.matmul(torch.linalg.pinv(a), b);
        return torch.quantile((torch.matmul(a, weights) - b).abs(), 0.95).ToDouble();
    }

    private static void AssertTable(JsonElement golden, IReadOnlyList<OperationRange> table)
    {
        JsonProperty[] rows = [.. golden.EnumerateObject()];
        Assert.Equal(rows.Select(row => row.Name), table.Select(range => range.Operation.ToString()));
        foreach ((JsonProperty row, OperationRange range) in rows.Zip(table))
        {
            Assert.Equal(row.Value.GetProperty("signed").GetBoolean(), range.Signed);
            JsonElement magnitudes = row.Value.GetProperty("magnitudes");
            if (magnitudes.ValueKind != JsonValueKind.Array) Assert.Empty(range.Magnitudes);
            else Assert.Equal(magnitudes.EnumerateArray().Select(value => value.GetSingle()), range.Magnitudes);
        }
    }
}
