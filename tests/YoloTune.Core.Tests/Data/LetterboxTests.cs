using System.Text.Json;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class LetterboxTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Geometry_equals_the_golden()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "letterbox.json");
        IEnumerable<(int[] Size, JsonElement Case)> cases = golden.RootElement.GetProperty("cases").EnumerateArray()
            .SelectMany(image => image.GetProperty("geometry").EnumerateArray().Select(item => (image.GetProperty("hw").Ints(), item)))
            .Concat(golden.RootElement.GetProperty("geometry_scan").EnumerateArray().Select(item => (item.GetProperty("hw").Ints(), item)));
        foreach ((int[] hw, JsonElement item) in cases)
        {
            int size = item.GetProperty("size").GetInt32();
            LetterboxGeometry fit = Letterbox.Fit(
                hw[0], hw[1], size, size, item.GetProperty("auto").GetBoolean(), item.GetProperty("scaleup").GetBoolean(),
                item.GetProperty("center").GetBoolean(), item.GetProperty("stride").GetInt32());
            Assert.Equal(item.GetProperty("ratio").GetDouble(), fit.Ratio, 1e-12);
            Assert.Equal(item.GetProperty("resized_hw").Ints(), new[] { fit.ResizedHeight, fit.ResizedWidth });
            Assert.Equal(item.GetProperty("out_hw").Ints(), new[] { fit.Height, fit.Width });
            Assert.Equal(
                [item.GetProperty("pad_left").GetInt32(), item.GetProperty("pad_top").GetInt32(), item.GetProperty("pad_right").GetInt32(),
                    item.GetProperty("pad_bottom").GetInt32()],
                new[] { fit.Left, fit.Top, fit.Right, fit.Bottom });
        }
    }

    [SkippableFact]
    public void Boxes_map_back_to_the_original_as_in_the_golden()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "letterbox.json");
        foreach (JsonElement item in golden.RootElement.GetProperty("scale_boxes").EnumerateArray())
        {
            int[] net = item.GetProperty("net_hw").Ints(), original = item.GetProperty("orig_hw").Ints();
            float[] boxes = Flat(item.GetProperty("boxes_net"));
            Letterbox.ToOriginal(boxes, net[0], net[1], original[0], original[1]);
            Pixels.Near(Flat(item.GetProperty("boxes_orig")), boxes, 1e-3); // px, the README's tolerance
        }
        static float[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.Floats())];
    }

    [SkippableTheory]
    [InlineData("synthetic.in_97x61", 48, 0)]
    [InlineData("synthetic.in_97x61", 160, 1)]
    [InlineData("synthetic2.in_64x40", 32, 0)]
    public void Synthetic_pixels_equal_the_golden(string input, int size, int tolerance)
    {
        var golden = Shared.Tensors(Pixels.Goldens + "letterbox_160.safetensors");
        using ImageBuffer image = Pixels.Image(golden[input]);
        foreach (string kind in (string[])["square", "auto"])
        {
            if (!golden.TryGetValue($"{input.Split('.')[0]}.{size}.{kind}", out var expected)) continue;
            using ImageBuffer framed = Letterbox.Apply(image, Letterbox.Fit(image.Height, image.Width, size, size, kind == "auto"));
            (int largest, double mean, _) = Pixels.Difference(Pixels.Bytes(expected), framed.ToBgr());
            output.WriteLine($"{input} {size} {kind}: largest {largest}, mean {mean:G3}");
            Assert.True(largest <= tolerance);
        }
    }

    [SkippableFact]
    public void Photographs_equal_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "letterbox.json");
        var golden = Shared.Tensors(Pixels.Goldens + "letterbox_160.safetensors");
        foreach (JsonElement item in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("image").GetString()!;
            // The golden's bus.jpg has another size than the one in shared/data.
            if (name == "bus.jpg") continue;
            using ImageBuffer image = ImageDecoder.Decode(Shared.Path("data/coco128/images/train2017/" + name));
            byte[] decoded = image.ToBgr();
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(decoded));
            bool equal = hash == item.GetProperty("decoded_bgr_sha256").GetString();
            output.WriteLine($"{name}: decoded pixels are {(equal ? "equal" : "other")}");
            double[] means = item.GetProperty("decoded_bgr_mean").Doubles();
            for (int c = 0; c < 3; c++) Assert.Equal(means[c], decoded.Where((_, i) => i % 3 == c).Average(value => value), 0.1);
            foreach (string kind in (string[])["square", "auto"])
            {
                using ImageBuffer framed = Letterbox.Apply(image, Letterbox.Fit(image.Height, image.Width, 160, 160, kind == "auto"));
                (int largest, double mean, double beyond) = Pixels.Difference(Pixels.Bytes(golden[$"{name}.160.{kind}"]), framed.ToBgr());
                output.WriteLine($"{name} {kind}: largest {largest}, mean {mean:G3}, beyond 3 levels {beyond:P3}");
                // The README's limits for another JPEG decoder.
                Assert.True(mean <= 0.5 && beyond <= 0.01);
            }
        }
    }

    [SkippableFact]
    public void Resized_size_equals_the_loader_golden()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "load_resize.json");
        foreach (JsonElement item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] hw = item.GetProperty("hw").Ints();
            (int height, int width) = Resizer.LongSideSize(hw[0], hw[1], item.GetProperty("imgsz").GetInt32());
            Assert.Equal(item.GetProperty("resized_hw").Ints(), new[] { height, width });
        }
    }
}
