using System.Text.Json;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data.Augmentation;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class AugmentationGoldenTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Hsv_tables_and_pixels_equal_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "hsv.json");
        var golden = Shared.Tensors(Pixels.Goldens + "hsv.safetensors");
        foreach (JsonElement item in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            double[] draws = item.GetProperty("uniform_draws").Doubles(), gains = item.GetProperty("gains_hsv").Doubles();
            HsvJitter jitter = new(
                new HsvDraw(draws[0], draws[1], draws[2]), new AugmentationOptions { HsvH = gains[0], HsvS = gains[1], HsvV = gains[2] });
            Assert.Equal(item.GetProperty("lut_hue").Ints(), jitter.HueTable.Select(entry => (int)entry));
            Assert.Equal(item.GetProperty("lut_sat").Ints(), jitter.SaturationTable.Select(entry => (int)entry));
            Assert.Equal(item.GetProperty("lut_val").Ints(), jitter.ValueTable.Select(entry => (int)entry));
            using ImageBuffer image = Pixels.Image(golden["in_bgr"]);
            jitter.Apply(image);
            int index = item.GetProperty("index").GetInt32();
            (int largest, double mean, _) = Pixels.Difference(Pixels.Bytes(golden[$"out_bgr_{index}"]), image.ToBgr());
            output.WriteLine($"case {index}: largest {largest}, mean {mean:G3}");
            Assert.True(largest <= 1); // README
        }
    }

    [SkippableFact]
    public void The_way_to_hsv_equals_the_golden()
    {
        var golden = Shared.Tensors(Pixels.Goldens + "hsv.safetensors");
        using ImageBuffer image = Pixels.Image(golden["in_bgr"]);
        for (int y = 0; y < image.Height; y++) HsvJitter.ToHsv(image.Row(y));
        Assert.Equal(Pixels.Bytes(golden["cv_bgr2hsv_of_in"]), image.ToBgr());
    }

    [SkippableFact]
    public void Affine_matrix_boxes_and_pixels_equal_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "affine.json");
        var golden = Shared.Tensors(Pixels.Goldens + "affine.safetensors");
        using ImageBuffer image = Pixels.Image(golden["img_128"]);
        foreach (JsonElement item in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = item.GetProperty("name").GetString()!;
            double[] d = item.GetProperty("draws").Doubles();
            int[] size = item.GetProperty("output_wh").Ints();
            bool perspective = item.GetProperty("hyp").GetProperty("perspective").GetDouble() > 0;
            float[] matrix = RandomPerspective.Matrix(
                new PerspectiveDraw(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]), 128, 128, size[1], size[0]);
            Pixels.Near([.. item.GetProperty("M").EnumerateArray().SelectMany(row => row.Floats())], matrix, 2e-5); // README

            List<PixelBox> boxes = [.. item.GetProperty("boxes_in").EnumerateArray().Select((row, i) =>
                new PixelBox(i, row[0].GetSingle(), row[1].GetSingle(), row[2].GetSingle(), row[3].GetSingle()))];
            List<PixelBox> kept = RandomPerspective.Transform(boxes, matrix, (float)d[3], size[1], size[0], perspective);
            Assert.Equal(item.GetProperty("kept_indices").Ints(), kept.Select(box => (int)box.Class));
            Pixels.Near(
                [.. item.GetProperty("kept_boxes_xyxy").EnumerateArray().SelectMany(row => row.Floats())],
                [.. kept.SelectMany(box => new[] { box.Left, box.Top, box.Right, box.Bottom })], 1e-3); // px, README

            using ImageBuffer warped = ImageBuffer.Rent(size[1], size[0]);
            Warp.Apply([WarpTile.Whole(image, 0, 0)], matrix, perspective, warped);
            (int largest, double mean, _) = Pixels.Difference(Pixels.Bytes(golden[name + ".out"]), warped.ToBgr());
            output.WriteLine($"{name}: largest {largest}, mean {mean:G3}");
            Assert.True(largest <= 1); // README
        }
    }

    [SkippableFact]
    public void The_box_filter_equals_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "affine.json");
        foreach (JsonElement item in cases.RootElement.GetProperty("box_filter").EnumerateArray())
        {
            PixelBox[] before = [.. item.GetProperty("before").EnumerateArray().Select(Box)];
            PixelBox[] after = [.. item.GetProperty("after").EnumerateArray().Select(Box)];
            float area = item.GetProperty("area_thr").GetSingle();
            Assert.Equal(
                item.GetProperty("keep").EnumerateArray().Select(keep => keep.GetBoolean()),
                before.Zip(after, (first, second) => RandomPerspective.IsCandidate(first, second, area)));
        }
        static PixelBox Box(JsonElement row) => new(0, row[0].GetSingle(), row[1].GetSingle(), row[2].GetSingle(), row[3].GetSingle());
    }

    [SkippableFact]
    public void Mosaic_places_and_boxes_equal_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "mosaic.json");
        MemoryImages images = MemoryImages.Constant(cases.RootElement.GetProperty("items"));
        var golden = Shared.Tensors(Pixels.Goldens + "mosaic.safetensors");
        foreach (JsonElement item in cases.RootElement.GetProperty("mosaic4").EnumerateArray())
        {
            int[] centre = item.GetProperty("centre_yx_int").Ints();
            MosaicTile[] tiles = Mosaic.ArrangeFour([.. images.Sizes.Take(4)], centre[1], centre[0], 64);
            foreach (JsonElement tile in item.GetProperty("tiles").EnumerateArray())
            {
                MosaicTile place = tiles[tile.GetProperty("tile").GetInt32()];
                Assert.Equal(tile.GetProperty("dest_xyxy").Ints(), new[] { place.Left, place.Top, place.Right, place.Bottom });
            }
            string name = item.GetProperty("name").GetString()!;
            CheckCanvas(
                images, new MosaicDraw([1, 2, 3], centre[1], centre[0]), item, golden.GetValueOrDefault(name + ".canvas_channel0"), 4);
        }
        JsonElement nine = cases.RootElement.GetProperty("mosaic9");
        MosaicTile[] places = Mosaic.ArrangeNine(images.Sizes, 64);
        foreach (JsonElement tile in nine.GetProperty("tiles_visible_rect").EnumerateArray())
        {
            MosaicTile place = places[tile.GetProperty("tile").GetInt32()];
            Assert.Equal(tile.GetProperty("dest_xyxy").Ints(), new[] { place.Left, place.Top, place.Right, place.Bottom });
        }
        CheckCanvas(images, new MosaicDraw([1, 2, 3, 4, 5, 6, 7, 8], 0, 0), nine, golden["mosaic9.canvas_channel0"], 9);
    }

    // The canvas is never drawn, so the four quarters of it are: each a warp without scale that shifts one into the item.
    private static void CheckCanvas(
        MemoryImages images, MosaicDraw draw, JsonElement item, TorchSharp.torch.Tensor? canvas, int tiles)
    {
        ItemComposer composer = new(images, AugmentationOptions.None with { MosaicTiles = tiles });
        List<(float[] Box, float Class)> found = [];
        for (int quarter = 0; quarter < 4; quarter++)
        {
            (double x, double y) = (quarter % 2 == 0 ? 1.0 : 0.0, quarter < 2 ? 1.0 : 0.0);
            (ImageBuffer image, _) = composer.Frame(
                new FrameDraw(0, draw, new PerspectiveDraw(0, 0, 0, 1, 0, 0, x, y)), 64, 64);
            using (image)
            {
                if (canvas is null) continue;
                byte[] expected = Pixels.Bytes(canvas);
                for (int row = 0; row < 64; row++)
                {
                    for (int column = 0; column < 64; column++)
                    {
                        int at = (row + quarter / 2 * 64) * 128 + column + quarter % 2 * 64;
                        Assert.Equal(expected[at], (byte)image.Row(row)[column]);
                    }
                }
            }
        }
        List<PixelBox> boxes = composer.MosaicBoxes(0, draw, 64);
        Assert.Equal(item.GetProperty("cls").Floats(), boxes.Select(box => box.Class));
        Pixels.Near(
            [.. item.GetProperty("boxes_xyxy").EnumerateArray().SelectMany(row => row.Floats())],
            [.. boxes.SelectMany(box => new[] { box.Left, box.Top, box.Right, box.Bottom })], 1e-3); // px, README
    }

    [SkippableTheory]
    [InlineData("no_mosaic_flip")]
    [InlineData("no_mosaic_plain")]
    [InlineData("mosaic")]
    [InlineData("mosaic_mixup")]
    public void Complete_items_equal_the_golden(string name)
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "pipeline.json");
        var golden = Shared.Tensors(Pixels.Goldens + "pipeline.safetensors");
        JsonElement item = cases.RootElement.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        MemoryImages images = MemoryImages.FromSources(cases.RootElement.GetProperty("sources"), golden);
        AugmentationOptions options = new();
        foreach (JsonProperty entry in item.GetProperty("hyp").EnumerateObject())
            options = options.With(entry.Name, entry.Value.GetDouble());

        byte[] planes = new byte[3 * 64 * 64];
        List<PixelBox> boxes = new ItemComposer(images, options).Compose(Draws(item), 64, 64, planes);
        (float[] classes, float[] normalised) = ItemComposer.Normalise(boxes, 64, 64);
        Assert.Equal(item.GetProperty("cls").Floats(), classes);
        Pixels.Near([.. item.GetProperty("bboxes_xywhn").EnumerateArray().SelectMany(row => row.Floats())], normalised, 1e-4); // README
        (int largest, double mean, _) = Pixels.Difference(Pixels.Bytes(golden[name + ".img_rgb_chw"]), planes);
        output.WriteLine($"{name}: largest {largest}, mean {mean:G3}");
        Assert.True(largest <= 2 && mean <= 0.3); // README
    }

    private static ItemDraw Draws(JsonElement item)
    {
        Queue<double> uniform = new(item.GetProperty("uniform_draws_in_order").Doubles());
        int[] partners = item.GetProperty("partner_indices").Ints();
        FrameDraw Frame(int image)
        {
            MosaicDraw? mosaic = null;
            double gate = uniform.Dequeue();
            if (partners.Length > 0)
            {
                Assert.True(gate <= 1);
                int centreY = (int)uniform.Dequeue();
                mosaic = new MosaicDraw(partners, (int)uniform.Dequeue(), centreY);
            }
            double[] d = [.. Enumerable.Range(0, 8).Select(_ => uniform.Dequeue())];
            return new FrameDraw(image, mosaic, new PerspectiveDraw(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]));
        }
        FrameDraw first = Frame(item.GetProperty("image").GetInt32());
        uniform.Dequeue();
        FrameDraw? mixed = item.GetProperty("beta_draw").ValueKind == JsonValueKind.Number ? Frame(3) : null;
        double[] hsv = item.GetProperty("hsv_draws").Doubles();
        double[] flips = item.GetProperty("flip_draws_vertical_then_horizontal").Doubles();
        return new ItemDraw
        {
            First = first,
            MixUp = mixed,
            MixUpShare = mixed is null ? 1 : item.GetProperty("beta_draw").GetDouble(),
            Hsv = new HsvDraw(hsv[0], hsv[1], hsv[2]),
            FlipHorizontally = flips[1] < 0.5,
        };
    }

    [SkippableFact]
    public void CutMix_equals_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "pipeline.json");
        var golden = Shared.Tensors(Pixels.Goldens + "pipeline.safetensors");
        foreach (JsonElement item in cases.RootElement.GetProperty("cutmix").EnumerateArray())
        {
            double[] shares = item.GetProperty("beta_draws").Doubles();
            int[][] centres = [.. item.GetProperty("centres_xy").EnumerateArray().Select(Pixels.Ints)];
            int free = Math.Max(1, item.GetProperty("rectangles_free_of_boxes").GetArrayLength());
            double pick = (item.GetProperty("picked_position_in_that_list").GetInt32() + 0.5) / free;
            using ImageBuffer first = Pixels.Image(golden["cutmix.a"]), second = Pixels.Image(golden["cutmix.b"]);
            List<PixelBox> boxes = Boxes(item.GetProperty("boxes_first"), 0);
            CutMix.Apply(first, boxes, second, Boxes(item.GetProperty("boxes_second"), 10), new CutMixDraw(
                [.. shares.Select((share, i) => (share, centres[i][0], centres[i][1]))], pick));
            Assert.Equal(item.GetProperty("cls_out").Floats(), boxes.Select(box => box.Class));
            Pixels.Near(
                [.. item.GetProperty("boxes_out").EnumerateArray().SelectMany(row => row.Floats())],
                [.. boxes.SelectMany(box => new[] { box.Left, box.Top, box.Right, box.Bottom })], 1e-4);
            Assert.Equal(Pixels.Bytes(golden[$"cutmix.{item.GetProperty("name").GetString()}.out"]), first.ToBgr());
        }
        static List<PixelBox> Boxes(JsonElement rows, int firstClass) => [.. rows.EnumerateArray().Select((row, i) =>
            new PixelBox(firstClass + i, row[0].GetSingle(), row[1].GetSingle(), row[2].GetSingle(), row[3].GetSingle()))];
    }

    [SkippableFact]
    public void Multi_scale_sizes_equal_the_golden()
    {
        using JsonDocument cases = Shared.Json(Pixels.Goldens + "misc.json");
        foreach (JsonElement item in cases.RootElement.GetProperty("multi_scale").EnumerateArray())
        {
            int size = item.GetProperty("imgsz").GetInt32();
            double share = item.GetProperty("multi_scale").GetDouble();
            (int from, int below) = MultiScale.Range(size, share);
            Assert.Equal(item.GetProperty("draw_integer_from").GetInt32(), from);
            Assert.Equal(item.GetProperty("draw_integer_below").GetInt32(), below);
            Assert.Equal(item.GetProperty("possible_sizes").Ints(), MultiScale.Sizes(size, share));
        }
    }
}
