using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Features;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training;

/// <summary>An option of training is declared once: checks, args.yaml and help follow from the declaration.</summary>
public sealed partial class TrainingOptionTests
{
    [Fact]
    public void Every_property_of_the_options_is_declared()
    {
        string[] declared =
            [.. TrainingOption.All.Select(option => option.Name.Split('.')[0]).Distinct(), nameof(TrainingOptions.Augmentation)];
        Assert.Equal(typeof(TrainingOptions).GetProperties().Select(property => property.Name).Order(), declared.Order());
        Assert.Equal(typeof(LossGains).GetProperties().Length, TrainingOption.All.Count(option =>
            option.Name.StartsWith("Gains.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_default_is_in_its_range_and_has_a_value_for_args_yaml()
    {
        TrainingOptions defaults = new();
        IReadOnlyDictionary<string, object> arguments = defaults.Checked().ToArguments();
        Assert.All(TrainingOption.All.Select(option => option.Argument).OfType<string>(), name => Assert.Contains(name, arguments.Keys));
    }

    [Fact]
    public void Values_replace_options_of_their_names_and_nothing_else()
    {
        TrainingOptions start = new() { Epochs = 7 };
        Dictionary<string, object> given = new()
        {
            ["Optimizer"] = OptimizerKind.AdamW, ["LearningRate"] = 0.5, ["FeatureCache"] = FeatureCacheMode.Disk, ["Data"] = "unrelated",
        };
        TrainingOptions result = start.With(given.GetValueOrDefault);
        Assert.Equal(
            new TrainingOptions { Epochs = 7, Optimizer = OptimizerKind.AdamW, LearningRate = 0.5, FeatureCache = FeatureCacheMode.Disk },
            result);
        Assert.Null(start.LearningRate);
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(1.0, false)]
    [InlineData(1.5, true)]
    [InlineData(-0.1, true)]
    public void A_fraction_names_its_meaning_and_range(double value, bool refused)
    {
        TrainingOptions options = new() { FinalLearningRate = value };
        if (!refused)
        {
            Assert.Same(options, options.Checked());
            return;
        }
        TrainingException error = Assert.Throws<TrainingException>(options.Checked);
        Assert.Equal("It is a fraction of the initial learning rate. Give a number from 0 to 1.", error.Remedy);
    }

    [Theory]
    [InlineData("Start-YoloTraining")]
    [InlineData("Find-YoloLearningRate")]
    public void A_parameter_of_an_options_name_is_described_by_its_summary(string cmdlet)
    {
        string page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "en-US", cmdlet + ".md")).ReplaceLineEndings("\n");
        XDocument comments = XDocument.Load(Path.ChangeExtension(typeof(TrainingOptions).Assembly.Location, ".xml"));
        // A sweep makes a step of every batch unless told otherwise, and its optimiser has a page text of its own.
        string[] own = cmdlet == "Find-YoloLearningRate" ? ["NominalBatchSize", "Optimizer"] : [];
        int described = 0;
        foreach (TrainingOption option in TrainingOption.All.Where(option => option.Name != "ImageSize" && !own.Contains(option.Name)))
        {
            Match section =
                Regex.Match(page, $@"^### -{Regex.Escape(option.Name)}\n(.*?)\n```yaml", RegexOptions.Multiline | RegexOptions.Singleline);
            if (!section.Success) continue;
            XElement summary = comments.Descendants("member")
                .Single(member => member.Attribute("name")!.Value == $"P:{typeof(TrainingOptions).FullName}.{option.Name}")
                .Element("summary")!;
            string first = Sentence()
                .Match(string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Value;
            Assert.StartsWith(first, string.Join(' ', section.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            described++;
        }
        Assert.True(described > 5, $"only {described} parameters were found on the page");
    }

    [GeneratedRegex(@"^.*?\.(?= |$)")]
    private static partial Regex Sentence();
}
