using System.Management.Automation;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

// What is said of names and files, with and without a download.
public sealed partial class SaveYoloModelTests
{
    [Fact]
    public void Too_little_room_is_said_before_anything_is_written()
    {
        using Scene scene = new(_ => new HttpAnswer("200 OK", content) { ClaimedLength = 1L << 60 });
        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DiskFull,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(scene.Files);
    }

    [SkippableFact]
    public void A_disk_that_runs_full_is_named()
    {
        Skip.IfNot(System.IO.File.Exists("/dev/full"), "There is no /dev/full here.");
        using Scene scene = new(_ => new HttpAnswer("200 OK", content));
        System.IO.File.CreateSymbolicLink(scene.Path(File + ".part"), "/dev/full");
        // With a note beside it, the file is one that an earlier download of ours has begun.
        System.IO.File.WriteAllText(scene.Path(File + ".part.json"), "{}");
        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DiskFull,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(scene.Path(File)));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Uses /sys, where nobody may make files.");
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        scene.Host.Set("folder", "/sys");
        Assert.StartsWith("AccessDenied,", scene.Run(Save).Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_an_error()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        System.IO.File.WriteAllText(scene.Path("taken"), "");
        scene.Host.Set("folder", scene.Path("taken"));
        Assert.StartsWith("InputOutput,", scene.Run(Save).Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_with_Force()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        System.IO.File.WriteAllText(scene.Path(File), "mine");
        Assert.StartsWith("FileExists,", scene.Run(Save).Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", System.IO.File.ReadAllText(scene.Path(File)));
        Assert.Empty(scene.Server.Calls);
        Assert.Empty(scene.Run(Save + "-Force").Errors);
        Assert.Equal(content, System.IO.File.ReadAllBytes(scene.Path(File)));
    }

    [Fact]
    public void A_file_that_is_there_and_right_is_not_fetched_again()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        System.IO.File.WriteAllBytes(scene.Path(File), content);
        scene.Host.Set("sha256", sha256);
        HostResult result = scene.Run(Save + "-Sha256 $sha256");
        Assert.Empty(result.Errors);
        Assert.Equal(scene.Path(File), result.Single.ToString());
        Assert.Empty(scene.Server.Calls);
    }

    [Fact]
    public void WhatIf_fetches_nothing()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run(Save + "-WhatIf");
        Assert.Empty(result.Output);
        Assert.Contains("yolov9t.pt", result.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Server.Calls);
        Assert.Empty(scene.Files);
    }

    [Fact]
    public void A_missing_folder_is_made()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        scene.Host.Set("folder", scene.Path(System.IO.Path.Combine("new [x]", "folder")));
        Assert.Equal(scene.Path(System.IO.Path.Combine("new [x]", "folder", File)), scene.Run(Save).Single.ToString());
    }

    [Theory]
    [InlineData("Save-YoloModel yolo11nn", "Selection", "Did you mean yolo11n?")]
    [InlineData("Save-YoloModel yolov6n", "Selection", "no published weights")]
    [InlineData("Save-YoloModel yolo11? -Sha256 ('0' * 64)", "Selection", "5 files")]
    [InlineData("Save-YoloModel yolo11n -BaseUri ftp://x", "Selection", "https://")]
    public void What_does_not_fit_is_said(string command, string id, string text)
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        ErrorRecord error = scene.Run(command).Error;
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(text, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yolov5n", "yolov5nu.pt")]
    [InlineData("yolov5n-p6", "yolov5n6u.pt")]
    [InlineData("YOLO26n-SEG.pt", "yolo26n-seg.pt")]
    public void Names_of_architectures_and_files_will_do(string name, string file)
    {
        using Scene scene = new(_ => new("404 Not Found", []));
        scene.Host.Set("name", name);
        scene.Run("Save-YoloModel $name $folder -BaseUri $server -NoProxy -Tag t");
        Assert.Equal("/t/" + file, Assert.Single(scene.Server.Calls).Target);
    }

    [Fact]
    public void Names_come_down_the_pipeline_and_complete()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run("Get-YoloArchitecture yolov9t | Save-YoloModel -Destination $folder -BaseUri $server -NoProxy");
        Assert.Equal(scene.Path(File), result.Single.ToString());
        Assert.Equal(["yolov9t", "yolov9s", "yolov9m", "yolov9c", "yolov9e", "yolov9c-seg", "yolov9e-seg"],
            scene.Host.Complete("Save-YoloModel yolov9"));
    }

    [Fact]
    public void Every_name_of_the_list_is_an_architecture_here()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("""
            $known = (Get-YoloArchitecture).Name
            (Save-YoloModel * -WhatIf) 6>$null
            """);
        Assert.Empty(result.Errors);
        string[] files = [.. result.Text.Split('\n').Where(line => line.Contains("download/", StringComparison.Ordinal))
            .Select(line => line.Split("download/")[1].Split('/')[1].Split(".pt")[0])];
        Assert.Equal(105, files.Length);
        Assert.Equal(files.Length, files.Distinct().Count());
        HashSet<string> known = [.. host.Run("(Get-YoloArchitecture).Name").Output.Select(name => name.ToString())];
        foreach (string file in files)
        {
            string name = file.StartsWith("yolov5", StringComparison.Ordinal) || file.StartsWith("yolov3", StringComparison.Ordinal)
                ? file[..^1]
                : file;
            if (name is ['y', 'o', 'l', 'o', 'v', '5', _, '6']) name = name[..^1] + "-p6";
            Assert.Contains(name, known);
        }
    }

    /// <summary>A .pt of a small network, made once.</summary>
    public sealed class Checkpoint
    {
        public Checkpoint()
        {
            using TinyTraining tiny = new();
            using ModuleHost host = tiny.Host();
            HostResult result = host.Run("$model | Export-YoloModel tiny.pt");
            Content = System.IO.File.ReadAllBytes(result.Single.ToString());
        }

        public byte[] Content { get; }
    }

    /// <summary>A server, a folder and a runspace that knows both.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Scene(Func<HttpCall, HttpAnswer> answer)
        {
            Server = new(answer);
            Host.Set("server", Server.Address);
            Host.Set("folder", folder.Path);
            Host.Enter(folder.Path);
            Host.Run("function global:ConvertTo-Pass($text) { $pass = [securestring]::new(); "
                + "foreach ($c in $text.ToCharArray()) { $pass.AppendChar($c) }; $pass }");
        }

        public FileServer Server { get; }

        public ModuleHost Host { get; } = new();

        public string[] Files => [.. Directory.GetFiles(folder.Path).Select(System.IO.Path.GetFileName)!];

        public string Path(string name) => folder.File(name);

        public HostResult Run(string script) => Host.Run(script);

        public void Dispose()
        {
            Host.Dispose();
            Server.Dispose();
            folder.Dispose();
        }
    }
}
