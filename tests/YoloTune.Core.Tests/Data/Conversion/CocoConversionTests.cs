using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Conversion;

namespace YoloTune.Tests.Data.Conversion;

public sealed class CocoConversionTests : IDisposable
{
    private readonly ConversionFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Boxes_are_normalized_and_sparse_category_ids_become_classes_in_their_order()
    {
        fixture.Coco("""
            {"id": 1, "image_id": 1000000000001, "category_id": 90, "bbox": [20, 15, 40, 30], "iscrowd": 0},
            {"id": 2, "image_id": 1000000000001, "category_id": 7, "bbox": [0, 0, 8, 6]}
            """);
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(["dog", "cat"], result.Classes);
        Assert.Equal(["1 0.5 0.5 0.5 0.5", "0 0.05 0.05 0.1 0.1"], fixture.Rows("a"));
        Assert.Equal((2, 2, 1), (result.Images, result.Boxes, result.Backgrounds));
        Assert.Empty(result.Skipped);
        Assert.Equal([AnnotationFormat.Coco], result.Formats);
        ImageDataset dataset = fixture.Load();
        Assert.Equal((2, 2), (dataset.Images.Count, dataset.InstanceCount));
        Assert.Equal(["dog", "cat"], dataset.Names);
    }

    [Fact]
    public void An_image_without_annotations_gets_an_empty_label_file()
    {
        fixture.Coco("");
        fixture.Convert("coco.json");
        Assert.Equal("", File.ReadAllText(Path.Combine(fixture.Destination, "labels", "train", "b.txt")));
    }

    [Theory]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1, 1, 9, 9], "iscrowd": 1}""", SkipReason.Crowd)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 8, "bbox": [1, 1, 9, 9]}""", SkipReason.UnknownCategory)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 99999999999999999999999999999999999999, "bbox": [1, 1, 9, 9]}""",
        SkipReason.UnknownCategory)]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 7, "bbox": [1, 1, 9, 9]}""", SkipReason.UnknownImage)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1, 1, 9]}""", SkipReason.BadBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7}""", SkipReason.BadBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": ["NaN", 1, 9, 9]}""", SkipReason.BadBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1e999, 1, 9, 9]}""", SkipReason.BadBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1, 1, 0, 9]}""", SkipReason.EmptyBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1, 1, -3, 9]}""", SkipReason.EmptyBox)]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [41, 1, 5, 9]}""", SkipReason.EmptyBox)]
    public void What_cannot_be_used_is_left_out_and_told_with_its_line(string annotation, SkipReason reason)
    {
        string file = fixture.Coco(annotation + """
            ,
            {"id": 6, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}
            """);
        ConversionResult result = fixture.Convert("coco.json");
        SkippedItem skipped = Assert.Single(result.Skipped);
        Assert.Equal((reason, file, 4), (skipped.Reason, skipped.File, skipped.Line));
        Assert.Contains("annotation 5", skipped.Detail, StringComparison.Ordinal);
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("b"));
        Assert.Equal(new SkipCount(reason, 1, skipped), Assert.Single(result.SkippedByReason));
    }

    [Theory]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [1, 1, 9, 9], "iscrowd": 1}""")]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 8, "bbox": [1, 1, 9, 9]}""")]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7, "bbox": [41, 1, 5, 9]}""")]
    [InlineData("""{"id": 5, "image_id": 2, "category_id": 7}""")]
    public void An_image_whose_every_annotation_is_left_out_is_no_background(string annotation)
    {
        fixture.Coco(annotation);
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(["a.png"], fixture.Images());
        Assert.Equal(SkipReason.NothingUsable, result.Skipped[^1].Reason);
    }

    [Theory]
    [InlineData("""[[10, 10, 30, 10, 30, 30, 10, 30]]""")]
    [InlineData("""[10, 10, 30, 10, 30, 30]""")]
    [InlineData("""[[10, 10, 15, 15], [30, 30, 12, 20]]""")]
    [InlineData("""{"size": [40, 40], "counts": [410, 20, 740, 20, 410]}""")]
    [InlineData("""{"size": [40, 40], "counts": "j<d0Tg00fE"}""")]
    public void A_segmentation_stands_in_for_a_missing_box(string segmentation)
    {
        fixture.Coco($$"""{"id": 1, "image_id": 2, "category_id": 7, "segmentation": {{segmentation}}}""");
        fixture.Convert("coco.json");
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("b"));
    }

    [Fact]
    public void A_dataset_in_YOLO_layout_is_said_to_need_no_conversion()
    {
        fixture.Files.Text("set/data.yaml", "train: images\nnames: [a]\n");
        Assert.Contains("as it is", Assert.Throws<DatasetException>(() => fixture.Convert("set")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_quotes_and_names_that_are_numbers_are_read()
    {
        fixture.Coco("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": ["10", "10", "20", "20"]}""", """{"id": 7, "name": 5}""");
        Assert.Equal(["5"], fixture.Convert("coco.json").Classes);
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("b"));
    }

    [Fact]
    public void Entries_that_cannot_be_told_apart_are_left_out_and_the_others_are_not()
    {
        fixture.Coco(
            """{"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}, """
            + """{"id": 2, "image_id": 2, "category_id": 8, "bbox": [1, 1, 9, 9]}""",
            """{"id": 7, "name": "dog"}, {"id": 8, "name": "cat"}, {"id": 8, "name": "ant"}, {"id": 9}""");
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(["dog"], result.Classes);
        Assert.Equal([SkipReason.BadEntry, SkipReason.NoClassName, SkipReason.UnknownCategory],
            result.Skipped.Select(item => item.Reason));
    }

    [Fact]
    public void A_box_beyond_the_image_is_cut_at_its_edge()
    {
        fixture.Coco("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [-10, 20, 30, 1e300]}""");
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(["0 0.25 0.75 0.5 0.5"], fixture.Rows("b"));
        Assert.Equal(1, result.Clipped);
    }

    [Fact]
    public void A_repeated_box_stands_once()
    {
        fixture.Coco(string.Join(",\n", Enumerable.Repeat("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}""", 2)));
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(SkipReason.RepeatedBox, Assert.Single(result.Skipped).Reason);
        Assert.Single(fixture.Rows("b"));
    }

    [Fact]
    public void A_missing_image_is_left_out_with_its_boxes()
    {
        fixture.Coco("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}""");
        File.Delete(fixture.Files.PathOf("b.png"));
        ConversionResult result = fixture.Convert("coco.json");
        SkippedItem skipped = Assert.Single(result.Skipped);
        Assert.Equal((SkipReason.ImageMissing, 3), (skipped.Reason, skipped.Line));
        Assert.Contains("'b.png'", skipped.Detail, StringComparison.Ordinal);
        Assert.Equal(["a.png"], fixture.Images());
    }

    [Fact]
    public void An_image_of_another_shape_than_annotated_is_left_out()
    {
        fixture.Coco("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}""");
        fixture.Files.Image("b.png", 40, 60);
        SkippedItem skipped = Assert.Single(fixture.Convert("coco.json").Skipped);
        Assert.Equal(SkipReason.SizeMismatch, skipped.Reason);
        Assert.Contains("60 x 40 pixels, and was annotated as 40 x 40", skipped.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_follow_an_image_that_was_resized_after_its_annotation()
    {
        fixture.Coco("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]}""");
        fixture.Files.Image("b.png", 120, 120);
        Assert.Equal(1, fixture.Convert("coco.json").Rescaled);
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("b"));
    }

    [Fact]
    public void Class_names_choose_and_order()
    {
        fixture.Coco("""
            {"id": 1, "image_id": 2, "category_id": 7, "bbox": [10, 10, 20, 20]},
            {"id": 2, "image_id": 2, "category_id": 90, "bbox": [10, 10, 20, 20]}
            """);
        ConversionResult result = DatasetConverter.Convert(fixture.Options("coco.json") with { ClassNames = ["bird", "Cat"] });
        Assert.Equal(["bird", "Cat"], result.Classes);
        Assert.Equal(["1 0.5 0.5 0.5 0.5"], fixture.Rows("b"));
        Assert.Equal(SkipReason.UnwantedClass, Assert.Single(result.Skipped).Reason);
    }

    [Fact]
    public void Class_names_that_occur_nowhere_are_an_error_that_names_those_there_are()
    {
        fixture.Coco("");
        SelectionException error = Assert.Throws<SelectionException>(
            () => DatasetConverter.Convert(fixture.Options("coco.json") with { ClassNames = ["cta"] }));
        Assert.Contains("dog, cat", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Destination));
    }

    [Fact]
    public void Two_images_of_one_name_in_two_folders_both_arrive()
    {
        fixture.Files.Image("images/x/a.png", seed: 1);
        fixture.Files.Image("images/y/a.png", seed: 2);
        fixture.Files.Image("images/y/A.bmp.png", seed: 3);
        fixture.Files.Text("coco.json", """
            {"images": [{"id": 1, "file_name": "x/a.png"}, {"id": 2, "file_name": "y\\a.png"}, {"id": 3, "file_name": "y/A.bmp.png"}],
             "annotations": [{"image_id": 2, "category_id": 0, "bbox": [20, 15, 40, 30]}],
                 "categories": [{"id": 0, "name": "it's: \"#1\""}]}
            """);
        ConversionResult result = fixture.Convert("coco.json");
        Assert.Equal(["A.bmp.png", "a-2.png", "a.png"], fixture.Images());
        Assert.Empty(fixture.Rows("a"));
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("a-2"));
        Assert.Equal(["it's: \"#1\""], fixture.Load().Names);
        Assert.Equal(3, result.Images);
    }

    [Fact]
    public void Images_are_found_below_a_given_folder_and_a_name_twice_there_is_told()
    {
        fixture.Coco("");
        foreach (string name in (string[])["a.png", "b.png"]) File.Delete(fixture.Files.PathOf(name));
        fixture.Files.Image("pool/1/a.png");
        fixture.Files.Image("pool/1/b.png", 40, 40);
        fixture.Files.Image("pool/2/b.png", 40, 40);
        ConversionResult result = DatasetConverter
            .Convert(fixture.Options("coco.json") with { ImagePaths = [Path.Combine(fixture.Files.Root, "pool")] });
        Assert.Equal(["a.png"], fixture.Images());
        Assert.Equal(SkipReason.ImageAmbiguous, Assert.Single(result.Skipped).Reason);
    }

    [Theory]
    [InlineData("""{"id": 1, "image_id": 2, "category_id": 7, "bbox": [NaN, 10, 20, 20]}""", "line 4", "NaN")]
    [InlineData("""{"id": 1, "image_id": 2, """, "line 4", "JSON")]
    public void Text_that_is_not_JSON_is_an_error_with_its_line_and_nothing_is_written(string annotations, string line, string word)
    {
        string file = fixture.Coco(annotations);
        DatasetException error = Assert.Throws<DatasetException>(() => fixture.Convert("coco.json"));
        Assert.Equal((file, line), (error.File, error.Position));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Destination));
    }

    [Theory]
    [InlineData("[]", "not an object")]
    [InlineData("""{"images": [], "annotations": []}""", "'categories'")]
    [InlineData("""{"images": {}, "annotations": [], "categories": []}""", "'images' is not a list")]
    [InlineData("""{"images": [{"id": 1}], "annotations": [], "categories": []}""", "no file_name")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}, {"id": 1.0, "file_name": "b"}], "annotations": [], "categories": []}""",
        "'a' already")]
    [InlineData("""{"images": [], "annotations": [], "categories": [{"id": 1, "name": " "}]}""", "no name")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [], "categories": [{"id": 1, "name": "x"}]}""",
        "none of the 1 annotated images")]
    [InlineData("""{"images": [{"id": 1, "file_name": "\u0000.png"}], "annotations": [], "categories": [{"id": 1, "name": "x"}]}""",
        "none of the 1")]
    [InlineData("""{"images": [], "annotations": [], "categories": []} x""", "not valid JSON")]
    public void A_file_that_cannot_be_meant_is_an_error(string json, string words)
    {
        fixture.Files.Text("coco.json", json);
        DatasetException error = Assert.Throws<DatasetException>(() => fixture.Convert("coco.json"));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Destination));
    }

    [Fact]
    public void A_second_split_keeps_the_ids_of_the_first_and_adds_its_own_classes_behind()
    {
        fixture.Coco("");
        fixture.Convert("coco.json");
        fixture.Coco(
            """{"id": 1, "image_id": 2, "category_id": 1, "bbox": [10, 10, 20, 20]}""",
            """{"id": 1, "name": "ant"}, {"id": 2, "name": "cat"}""");
        ConversionResult result = DatasetConverter.Convert(fixture.Options("coco.json", "val"));
        Assert.Equal(["dog", "cat", "ant"], result.Classes);
        Assert.Equal(["2 0.5 0.5 0.5 0.5"], fixture.Rows("b", "val"));
        Assert.Equal(["train", "val"], DatasetDescription.Load(result.Path).SplitNames);
        Assert.Equal(2, fixture.Load().Images.Count);
    }

    [Fact]
    public void A_split_that_is_there_is_replaced_only_when_forced()
    {
        fixture.Coco("");
        fixture.Convert("coco.json");
        string[] before = fixture.Snapshot();
        Assert.Contains("'train' already", Assert.Throws<DatasetException>(() => fixture.Convert("coco.json")).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, fixture.Snapshot());
        File.Delete(fixture.Files.PathOf("b.png"));
        DatasetConverter.Convert(fixture.Options("coco.json") with { Force = true });
        Assert.Equal(["a.png"], fixture.Images());
    }

    [Fact]
    public void A_conversion_that_fails_or_is_stopped_leaves_the_destination_as_it_was()
    {
        fixture.Coco("");
        fixture.Convert("coco.json");
        string[] before = fixture.Snapshot();
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => DatasetConverter.Convert(fixture.Options("coco.json", "val"), cancellation: stop.Token));
        Assert.Throws<SelectionException>(() =>
            DatasetConverter.Convert(fixture.Options("coco.json", "val") with { ClassNames = ["cat", "dog"] }));
        Assert.Equal(before, fixture.Snapshot());
    }

    [Theory]
    [InlineData("train", false)]
    [InlineData("train", true)]
    [InlineData("val", true)]
    public void A_conversion_stopped_in_the_middle_leaves_nothing_of_its_own(string split, bool hasTrain)
    {
        fixture.Coco("");
        if (hasTrain) fixture.Convert("coco.json");
        string[] before = fixture.Snapshot();
        using CancellationTokenSource stop = new();
        ConversionOptions options = fixture.Options("coco.json", split) with { Force = true };
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetConverter.Convert(options, new StopAtOnce(stop), stop.Token));
        Assert.Equal(before, fixture.Snapshot());
    }

    [Fact]
    public void Links_lead_to_the_originals()
    {
        fixture.Coco("");
        string image = fixture.Files.PathOf("a.png");
        DatasetConverter.Convert(fixture.Options("coco.json") with { Link = true });
        Assert.Equal(image, new FileInfo(Path.Combine(fixture.Destination, "images", "train", "a.png")).LinkTarget);
        Assert.Equal(2, fixture.Load().Images.Count);
    }

    [Theory]
    [InlineData("instances_val2017.json", "val")]
    [InlineData("instances_train2017.json", "train")]
    [InlineData("valid", "val")]
    [InlineData("test-dev.json", "test")]
    [InlineData("trainval.json", null)]
    [InlineData("contest.json", null)]
    [InlineData("train_val.json", null)]
    public void A_name_tells_its_split_only_as_a_word(string name, string? split) => Assert.Equal(split, DatasetConverter.SplitOf(name));

    private sealed class StopAtOnce(CancellationTokenSource source) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
            Assert.Equal((1, 2), value);
            source.Cancel();
        }
    }
}
