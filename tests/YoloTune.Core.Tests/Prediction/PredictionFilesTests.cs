using Xunit;
using YoloTune.Basics;
using YoloTune.Prediction;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Prediction;

public sealed class PredictionFilesTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Images_of_one_stem_get_numbers_and_label_files_the_same()
    {
        string[] images = [Photo("a/x.jpg"), Photo("b/x.JPG"), Photo("b/x.png"), Photo("c/x-2.jpg"), Photo("c/X.bmp")];
        PredictionFiles plan = new(Out, labels: true, force: false);
        plan.Plan(images);
        PredictionFile[] named = [.. images.Select(plan.Next)];
        Assert.Equal(["x.jpg", "x-3.jpg", "x-4.png", "x-2.jpg", "X-5.jpg"], named.Select(file => Path.GetFileName(file.Picture)));
        Assert.Equal(["x.txt", "x-3.txt", "x-4.txt", "x-2.txt", "X-5.txt"], named.Select(file => Path.GetFileName(file.Labels)));
    }

    [Fact]
    public void A_second_model_replaces_nothing_of_the_first()
    {
        string[] images = [Photo("a/x.jpg")];
        PredictionFiles plan = new(Out, labels: false, force: true);
        plan.Plan(images);
        string first = plan.Next(images[0]).Picture;
        plan.Plan(images);
        Assert.NotEqual(first, plan.Next(images[0]).Picture);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_photograph_is_never_replaced(bool force)
    {
        string photo = Photo("a/x.jpg");
        OutputException error = Assert.Throws<OutputException>(() => new PredictionFiles(files.PathOf("a"), false, force).Plan([photo]));
        Assert.True(error.IsInput);
        Assert.Contains("-OutputPath", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.jpg")]
    [InlineData("labels/x.txt")]
    public void What_is_there_is_refused_before_anything_is_written(string name)
    {
        string photo = Photo("a/x.jpg"), there = files.Text("out/" + name, "mine");
        Assert.Equal(there, Assert.Throws<OutputException>(() => new PredictionFiles(Out, true, false).Plan([photo])).File);
        new PredictionFiles(Out, true, force: true).Plan([photo]);
        Assert.Equal("mine", File.ReadAllText(there));
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_kept()
    {
        string photo = Photo("a/x.jpg");
        PredictionFiles plan = new(Out, labels: false, force: false);
        plan.Plan([photo]);
        string there = files.Text("out/x.jpg", "mine");
        Assert.Throws<OutputException>(() => plan.Write(plan.Next(photo).Picture, path => File.WriteAllText(path, "drawing")));
        Assert.Equal("mine", File.ReadAllText(there));
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        files.Text("out", "a file");
        Assert.Throws<OutputException>(() => new PredictionFiles(Out, false, force: true).Plan([Photo("a/x.jpg")]));
    }

    private string Out => Path.Combine(files.Root, "out");

    private string Photo(string name) => files.Text(name, "");
}
