using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Conversion;
using YoloTune.DatasetTools.Splitting;

namespace YoloTune.Tests.Data.Conversion;

/// <summary>Keypoints and corners of other formats become those of label files; an image has 80 x 60 pixels.</summary>
public sealed class KeypointConversionTests : IDisposable
{
    private readonly ConversionFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Keypoints_of_coco_come_with_names_and_the_pairs_of_a_mirrored_image()
    {
        fixture.Files.Image("c/a.png");
        fixture.Files.Text("c/a.json", """
            {"images": [{"id": 1, "file_name": "a.png", "width": 80, "height": 60}],
             "categories": [{"id": 1, "name": "mouse", "keypoints": ["nose", "left_ear", "right_ear"]}],
             "annotations": [
              {"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 15, 40, 30], "keypoints": [40, 30, 2, 20, 15, 1, 0, 0, 0]},
              {"id": 2, "image_id": 1, "category_id": 1, "bbox": [0, 0, 8, 6]}]}
            """);
        Convert("c/a.json", LabelRowKind.Keypoints);
        Assert.Equal(
            ["0 0.5 0.5 0.5 0.5 0.5 0.5 2 0.25 0.25 1 0 0 0", "0 0.05 0.05 0.1 0.1 0 0 0 0 0 0 0 0 0"], fixture.Rows("a"));
        KeypointShape shape = DatasetDescription.Load(fixture.Files.PathOf("out/data.yaml")).Keypoints!;
        Assert.Equal("[3, 3]", shape.ToString());
        Assert.Equal([0, 2, 1], shape.FlipIndex!);
        Assert.Equal(["nose", "left_ear", "right_ear"], shape.Names[0]);
    }

    [Fact]
    public void Points_of_labelme_belong_to_the_shape_of_their_group()
    {
        fixture.Files.Image("lm/a.png");
        fixture.Files.Text("lm/a.json", """
            {"imagePath": "a.png", "imageWidth": 80, "imageHeight": 60, "shapes": [
            {"label": "mouse", "shape_type": "rectangle", "group_id": 1, "points": [[20, 15], [60, 45]]},
            {"label": "mouse", "shape_type": "rectangle", "group_id": 2, "points": [[0, 0], [8, 6]]},
            {"label": "tail", "shape_type": "point", "group_id": 2, "points": [[8, 6]]},
            {"label": "nose", "shape_type": "point", "group_id": 1, "points": [[40, 30]]},
            {"label": "nose", "shape_type": "point", "group_id": 7, "points": [[1, 1]]}]}
            """);
        ConversionResult result = Convert("lm", LabelRowKind.Keypoints);
        Assert.Equal(["0 0.5 0.5 0.5 0.5 0.5 0.5 2 0 0 0", "0 0.05 0.05 0.1 0.1 0 0 0 0.1 0.1 2"], fixture.Rows("a"));
        KeypointShape shape = DatasetDescription.Load(fixture.Files.PathOf("out/data.yaml")).Keypoints!;
        Assert.Equal(["nose", "tail"], shape.Names[0]);
        Assert.Null(shape.FlipIndex);
        Assert.Contains("group_id", Assert.Single(result.Skipped).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_without_keypoints_are_refused_for_a_pose_dataset()
    {
        fixture.Files.Image("lm/a.png");
        fixture.Files.Text("lm/a.json", """
            {"imagePath": "a.png", "shapes": [{"label": "mouse", "shape_type": "rectangle", "points": [[20, 15], [60, 45]]}]}
            """);
        DatasetException error = Assert.Throws<DatasetException>(() => Convert("lm", LabelRowKind.Keypoints));
        Assert.Contains("no keypoints", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Files.PathOf("out/images")));
    }

    [Theory]
    [InlineData("rotation")]
    [InlineData("oriented_rectangle")]
    public void A_turned_rectangle_of_labelme_keeps_its_corners(string type)
    {
        fixture.Files.Image("lm/a.png");
        fixture.Files.Text("lm/a.json", "{\"imagePath\": \"a.png\", \"shapes\": [{\"label\": \"ship\", \"shape_type\": \"" + type
            + "\", \"points\": [[20, 30], [40, 15], [60, 30], [40, 45]]}]}");
        Convert("lm", LabelRowKind.Corners);
        Assert.Equal(["0 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75"], fixture.Rows("a"));
    }

    [Fact]
    public void Dota_is_found_out_and_read_with_its_header_and_difficult_objects()
    {
        fixture.Files.Image("dota/images/P0001.png");
        fixture.Files.Text("dota/labelTxt/P0001.txt", """
            imagesource:GoogleEarth
            gsd:0.146
            20 30 40 15 60 30 40 45 small-vehicle 0
            -8 0 8 0 8 6 -8 6 ship 0
            0 0 8 0 8 6 0 6 ship 1
            0 0 8 0 8 6 ship 0
            """);
        ConversionResult result = Convert("dota/labelTxt", LabelRowKind.Corners);
        Assert.Equal([AnnotationFormat.Dota], result.Formats);
        Assert.Equal(["ship", "small-vehicle"], result.Classes);
        // A corner outside of the image stays there: it belongs to the box.
        Assert.Equal(["1 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75", "0 -0.1 0 0.1 0 0.1 0.1 -0.1 0.1"], fixture.Rows("P0001"));
        Assert.Equal([SkipReason.Difficult, SkipReason.BadBox], result.Skipped.Select(item => item.Reason));
        Assert.Equal([5, 6], result.Skipped.Select(item => item.Line!.Value));
    }

    [Fact]
    public void Dividing_a_dataset_keeps_its_keypoints()
    {
        for (int i = 0; i < 6; i++)
        {
            fixture.Files.Image(FormattableString.Invariant($"set/images/train/{i}.png"), seed: i);
            fixture.Files.Text(FormattableString.Invariant($"set/labels/train/{i}.txt"), "0 0.5 0.5 0.4 0.4 0.5 0.5 2 0.4 0.4 1\n");
        }
        string yaml = fixture.Files.Text(
            "set/data.yaml", "train: images/train\nnames: [a]\nkpt_shape: [2, 3]\nflip_idx: [1, 0]\nkpt_names:\n  0: [left, right]\n");
        IReadOnlyList<DatasetPart> parts = DatasetSplitter.Split(yaml, new() { HashDistance = 0 });
        KeypointShape shape = DatasetDescription.Load(parts[0].Path).Keypoints!;
        Assert.Equal([1, 0], shape.FlipIndex!);
        Assert.Equal(["left", "right"], shape.Names[0]);
    }

    private ConversionResult Convert(string source, LabelRowKind rows) => DatasetConverter.Convert(new()
    {
        Sources = [new(fixture.Files.PathOf(source), "train")], Destination = fixture.Files.PathOf("out"), Rows = rows,
    });
}
