using SkiaSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Samples;
using YoloTune.DatasetTools.Sheets;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Networks;

namespace YoloTune.Tests.Drawing;

public sealed class DatasetSheetTests
{
    public static TheoryData<string> Tasks => [.. NetworkTask.All.Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Labels_of_every_task_are_drawn(string task)
    {
        using Scratch scratch = new();
        DatasetDescription data = Sample(scratch, task);
        PictureFolder folder = new(scratch.Path("sheets"), force: false);
        DatasetSheets.Draw(data, new() { Count = 6 }, folder);
        Assert.Equal(["images.jpg", "labels.jpg"], folder.Files.Select(Path.GetFileName));
        using SKBitmap sheet = SKBitmap.Decode(folder.Files[0]);
        Assert.Equal(8 + (5 * 368), sheet.Width);
        Assert.Throws<OutputException>(() => DatasetSheets.Draw(data, new() { Count = 6 }, new PictureFolder(folder.Path, force: false)));
    }

    [Theory]
    [InlineData(DatasetSort.Smallest)]
    [InlineData(DatasetSort.Largest)]
    [InlineData(DatasetSort.Crowded)]
    [InlineData(DatasetSort.Rare)]
    public void An_order_puts_first_what_it_is_named_for(DatasetSort sort)
    {
        ImageObject small = Box(0, 10, 10, 12, 12), large = Box(1, 0, 0, 90, 90), middle = Box(1, 0, 0, 30, 30);
        SheetImage[] images = [Image("middle", middle), Image("small", small), Image("large", large),
            Image("many", middle, middle, middle), Image("none")];
        Dictionary<int, int> instances = new() { [0] = 1, [1] = 5 };
        string first = Path.GetFileName(SheetOrder.First(images, sort, 2, null, instances)[0].Image.Path);
        Assert.Equal(sort switch { DatasetSort.Smallest or DatasetSort.Rare => "small", DatasetSort.Largest => "large", _ => "many" },
            first);
    }

    [Fact]
    public void Suspect_images_come_with_their_reasons_and_others_do_not_come()
    {
        using Scratch scratch = new();
        DatasetDescription data = Sample(scratch, "Detect");
        string[] labels = [.. Directory.GetFiles(Path.Combine(data.Root, "labels", "train")).Order(StringComparer.Ordinal)];
        File.WriteAllText(labels[0], "9 0.5 0.5 0.2 0.2\n");
        File.WriteAllText(labels[1], "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.201\n");
        DatasetReportImages(data, out IReadOnlyList<SheetImage> suspects);
        Assert.Equal(labels[..2].Select(Path.GetFileNameWithoutExtension).Order(),
            suspects.Select(image => Path.GetFileNameWithoutExtension(image.Image.Path)).Order());
        Assert.Contains(suspects, image => image.Reason == "circle and square in one place");
        Assert.Contains(suspects, image => image.Reason.StartsWith("line 1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tiny_object_stays_free_of_its_frame_and_is_shown_enlarged()
    {
        using Scratch scratch = new();
        string path = scratch.Path("white.png");
        using (SKBitmap white = new(1000, 1000))
        {
            white.Erase(SKColors.White);
            for (int i = 500; i < 506; i++)
            {
                for (int k = 500; k < 506; k++) white.SetPixel(i, k, SKColors.Black);
            }
            PictureFile.Save(white, path);
        }
        ImageObject tiny = Box(0, 500, 500, 506, 506);
        SheetLayout layout = new() { Columns = 1, PanelWidth = 500, PanelHeight = 500, IsBare = true };
        using SKSurface surface = ContactSheet.Draw([new(path, "", [new([tiny], Focus: tiny)])], layout);
        using SKImage image = surface.Snapshot();
        using SKBitmap picture = SKBitmap.FromImage(image);
        // Three pixels of the object, free of its frame, and white around it up to the frame.
        Assert.True(Ink.Count(picture, SKColors.White, new SKRectI(250, 250, 253, 253)) >= 4);
        Assert.Equal(0, Ink.Count(picture, SKColors.White, new SKRectI(248, 255, 250, 256)));
        // Thirty times as many in the corner that is farthest.
        SKRectI corner = new(0, 0, 180, 180);
        Assert.True(Ink.Count(picture, SKColors.White, corner) > 500);
    }

    private static void DatasetReportImages(DatasetDescription data, out IReadOnlyList<SheetImage> suspects)
    {
        SheetImage[] images = [.. data.SplitNames.SelectMany(split =>
            ImageDataset.Inspect(data, split, new DatasetOptions(), null, default).Images
            .Select(image => new SheetImage(split, image, LabelObjects.Of(image, data.Names, default, whole: false))))];
        suspects = SuspectImages.Of(images, YoloTune.DatasetTools.Checks.DatasetChecker.Check(data));
    }

    private static DatasetDescription Sample(Scratch scratch, string task) => SampleDataset.Create(scratch.Path("data"), new()
    {
        Count = 12, ClassNames = ["circle", "square"], ImageSize = 96, Task = NetworkTask.Parse(task),
    });

    private static SheetImage Image(string name, params ImageObject[] objects) =>
        new("train", new DatasetImage("/x/" + name, 100, 100, YoloTune.Data.Labels.LabelSet.Empty, false), objects);

    private static ImageObject Box(int id, double x1, double y1, double x2, double y2) => new(id, $"class {id}", x1, y1, x2, y2);
}
