using System.Text.RegularExpressions;
using Xunit;

namespace YoloTune.Tests;

/// <summary>
/// The rooms of the engine depend on each other in one direction, and no room but Tasks names a task. Both are read off the sources, so
/// that
/// a failure names the file and the line.
/// </summary>
public sealed partial class HouseTests
{
    /// <summary>The rooms from the ground floor up: one may use those before it, as docs/ARCHITECTURE.md lists them.</summary>
    private static readonly string[] Rooms =
    [
        "Basics", "Devices", "Kernels", "Networks", "Models", "Files", "Images", "Data", "Training", "Inference", "Evaluation", "Drawing",
        "Prediction", "Tasks", "Runs", "Export", "DatasetTools", "Downloads",
    ];

    private static readonly string[] TaskFolders = ["Detection", "Segmentation", "Pose", "Obb", "Classification"];

    [Fact]
    public void Every_folder_of_the_engine_is_a_room()
    {
        string[] folders =
            [.. Directory.GetDirectories(Engine).Select(Path.GetFileName).OfType<string>().Where(name => name is not ("bin" or "obj"))];
        Assert.Equal(Rooms.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Engine, "*.cs"));
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        string[] wrong =
        [
            .. Sources().Where(file => !file.Text.Contains($"\nnamespace {ExpectedNamespace(file.Path)};", StringComparison.Ordinal)
                && !file.Text.StartsWith($"namespace {ExpectedNamespace(file.Path)};", StringComparison.Ordinal)).Select(file => file.Path),
        ];
        Assert.Empty(wrong);
    }

    [Fact]
    public void Rooms_depend_only_on_rooms_above_them() => Assert.Empty(Sources().SelectMany(file => Arrows(file.Path, file.Text)));

    [Fact]
    public void Only_Tasks_names_a_task() => Assert.Empty(Sources().SelectMany(file => TaskNames(file.Path, file.Text)));

    [Theory]
    [InlineData("Data/Planted.cs", "using YoloTune.Training;\n")]
    [InlineData("Models/Planted.cs", "class X { Runs.Records.TrainingRun? run; }")]
    [InlineData("Basics/Planted.cs", "class X { YoloTune.Devices.YoloDevice? device; }")]
    public void A_planted_arrow_upwards_is_found(string path, string text) => Assert.Single(Arrows(path, text));

    [Theory]
    [InlineData("Training/Planted.cs", "using YoloTune.Data;\nclass X { object y = \"Runs.Text\"; } // Runs.Comment")]
    [InlineData("Runs/Planted.cs", "using YoloTune.Tasks;\n")]
    public void An_arrow_downwards_is_no_fault(string path, string text) => Assert.Empty(Arrows(path, text));

    [Theory]
    [InlineData("Runs/Planted.cs", "using YoloTune.Tasks.Detection;\n")]
    [InlineData("Tasks/Pose/Planted.cs", "using YoloTune.Tasks.Segmentation;\n")]
    [InlineData("Prediction/Planted.cs", "class X { bool y = task is SegmentationTask; }")]
    public void A_planted_name_of_a_task_is_found(string path, string text) => Assert.Single(TaskNames(path, text));

    private static string Engine => Path.Combine(Shared.Repository, "src", "YoloTune.Core");

    private static IEnumerable<(string Path, string Text)> Sources() =>
        Directory.EnumerateFiles(Engine, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Engine, file).Replace('\\', '/'), file))
            .Where(entry => entry.Path.Split('/')[0] is not ("bin" or "obj"))
            .Select(entry => (entry.Path, File.ReadAllText(entry.file).ReplaceLineEndings("\n")));

    private static string ExpectedNamespace(string path) => "YoloTune." + path[..path.LastIndexOf('/')].Replace('/', '.');

    private static IEnumerable<string> Arrows(string path, string text)
    {
        int own = Array.IndexOf(Rooms, path.Split('/')[0]);
        return from line in Code(text)
               from Match match in RoomName().Matches(line.Text)
               where Array.IndexOf(Rooms, match.Groups["room"].Value) > own
               select $"{path}({line.Number}): {match.Value.Trim()}";
    }

    private static IEnumerable<string> TaskNames(string path, string text)
    {
        if (path == "Tasks/TaskRegistry.cs") return [];
        string[] parts = path.Split('/');
        string? own = parts is ["Tasks", var folder, _, ..] ? folder : null;
        return from line in Code(text)
               from Match match in TaskName().Matches(line.Text)
               let named = match.Groups["folder"].Success ? match.Groups["folder"].Value : match.Groups["type"].Value
               where named != own && TaskFolders.Contains(named)
               select $"{path}({line.Number}): {match.Value.Trim()}";
    }

    /// <summary>The lines without comments and texts.</summary>
    private static IEnumerable<(int Number, string Text)> Code(string text) =>
        text.Split('\n').Select((line, index) => (index + 1, Silent().Replace(line, "")));

    [GeneratedRegex("""//.*$|"(?:\\.|[^"\\])*"|^namespace .*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Silent();

    // A room stands behind "YoloTune.", or begins a qualified name: not behind a point, and before a point and a capital.
    [GeneratedRegex(
        @"(?:\bYoloTune\.|(?<![\w.])(?=\w+\.\w+\.[A-Z]))(?<room>Basics|Devices|Kernels|Networks|Models|Files|Images|Data|Training|Inference|Evaluation|Drawing|Tasks|Runs|Prediction|Export|DatasetTools|Downloads)\b(?=[.;])",
        RegexOptions.CultureInvariant)]
    private static partial Regex RoomName();

    [GeneratedRegex(@"\bTasks\.(?<folder>Detection|Segmentation|Pose|Obb|Classification)\b|\b(?<type>Detection|Segmentation|Pose|Obb|Classification)Task\b", RegexOptions.CultureInvariant)]
    private static partial Regex TaskName();
}
