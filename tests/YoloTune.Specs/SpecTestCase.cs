using Xunit.Abstractions;
using Xunit.Sdk;

namespace YoloTune.Specs;

/// <summary>A call of <c>It</c>: its specs are the tests of this case, each with a name of its own.</summary>
public sealed class SpecTestCase : XunitTestCase
{
    /// <summary>For the deserializer.</summary>
    [Obsolete("Called by the deserializer; not for use in code.")]
    public SpecTestCase()
    {
    }

    public SpecTestCase(IMessageSink diagnostics, ITestMethod method, string file, string path, string name, int from, int to)
        : base(diagnostics, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method, [file, path, name, from, to])
    {
    }

    private string File => (string)TestMethodArguments[0];

    private string Path => (string)TestMethodArguments[1];

    private string Name => (string)TestMethodArguments[2];

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        RunSummary summary = new();
        if (!messageBus.QueueMessage(new TestCaseStarting(this))) await cancellationTokenSource.CancelAsync();
        FileResult file = await constructorArguments.OfType<SpecRunner>().Single().RunAsync(Path);
        foreach (SpecResult result in Mine(file))
        {
            summary.Total++;
            if (result.Outcome == "Failed") summary.Failed++;
            if (result.Outcome == "Skipped") summary.Skipped++;
            summary.Time += (decimal)result.Milliseconds / 1000;
            if (!Report(result, messageBus)) await cancellationTokenSource.CancelAsync();
        }
        if (!messageBus.QueueMessage(new TestCaseFinished(this, summary.Time, summary.Total, summary.Failed, summary.Skipped)))
        {
            await cancellationTokenSource.CancelAsync();
        }
        return summary;
    }

    protected override void Initialize()
    {
        base.Initialize();
        Traits["Spec"] = [File];
    }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) => Name;

    private IEnumerable<SpecResult> Mine(FileResult file)
    {
        int from = (int)TestMethodArguments[3], to = (int)TestMethodArguments[4];
        SpecResult[] mine = [.. file.Results.Where(result => result.Line >= from && result.Line < to)];
        return mine.Length > 0 ? mine : [new(from, Name, "Failed", 0, [.. file.Problems.DefaultIfEmpty("Pester ran nothing here.")])];
    }

    private bool Report(SpecResult result, IMessageBus bus)
    {
        XunitTest test = new(this, result.Name);
        decimal seconds = (decimal)result.Milliseconds / 1000;
        string[] texts = [.. result.Errors.DefaultIfEmpty($"Pester says {result.Outcome}.")];
        string?[] none = new string?[texts.Length];
        IMessageSinkMessage outcome = result.Outcome switch
        {
            "Passed" => new TestPassed(test, seconds, ""),
            "Skipped" => new TestSkipped(test, texts[0]),
            _ => new TestFailed(test, seconds, "", none, texts, none, [.. Enumerable.Repeat(-1, texts.Length)]),
        };
        return bus.QueueMessage(new TestStarting(test)) & bus.QueueMessage(outcome) & bus.QueueMessage(new TestFinished(test, seconds, ""));
    }
}
