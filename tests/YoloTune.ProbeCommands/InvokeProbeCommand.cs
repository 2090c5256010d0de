using System.Management.Automation;
using System.Runtime.InteropServices;
using YoloTune.Basics;
using YoloTune.Commands.Base;

namespace YoloTune.ProbeCommands;

/// <summary>Does on request what a cmdlet can do through its base.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Probe", SupportsShouldProcess = true)]
public sealed class InvokeProbeCommand : YoloCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string Action { get; set; } = "";

    [Parameter]
    public string[] Path { get; set; } = [];

    [Parameter]
    public int BatchSize { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Process()
    {
        switch (Action)
        {
            case "Messages":
                WriteObject(RunOnWorker(Speak));
                break;
            case "Forever":
                RunOnWorker(messages =>
                {
                    messages.Report("started");
                    messages.Cancellation.WaitHandle.WaitOne();
                    messages.Warning("stopped after the batch");
                    messages.Cancellation.ThrowIfCancellationRequested();
                });
                break;
            case "Stream":
                RunOnWorker(messages =>
                {
                    for (int i = 0; !messages.Cancellation.IsCancellationRequested; i++)
                    {
                        messages.Output(i);
                        messages.Cancellation.WaitHandle.WaitOne(1);
                    }
                });
                break;
            case "WorkerFails":
                RunOnWorker(_ => throw new DatasetException("The label is wrong.", "a.txt", "line 3", "Correct it."));
                break;
            case "Selection":
                throw new SelectionException("Nothing matches.");
            case "Training":
                throw new TrainingException("It cannot go on.");
            case "ModelFormat":
                throw new ModelFormatException("It ends too early.", "model.pt", "byte 12");
            case "Memory":
                RunOnWorker(_ => throw new ExternalException("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."));
                break;
            case "MemoryOfOne":
                WriteError(new ExternalException("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "one");
                break;
            case "Defect":
                throw new ArgumentException("A defect.");
            case "Existing":
                WriteObject(Paths.Existing(Path), enumerateCollection: true);
                break;
            case "One":
                WriteObject(Paths.One(Path[0]));
                break;
            case "Output":
                WriteObject(Paths.Output(Path[0]));
                break;
            case "Write":
                string file = Paths.Output(Path[0]);
                if (ShouldWrite(file, Force, "Write probe")) File.WriteAllText(file, "written");
                break;
            default:
                WriteObject(Action);
                break;
        }
    }

    private static string Speak(CommandMessages messages)
    {
        messages.Report("report");
        messages.Warning("warning");
        messages.Verbose("verbose");
        messages.Error(new SelectionException("error"), "target");
        messages.Output("output");
        messages.Progress(new(1, "Outer", "working") { PercentComplete = 50 });
        messages.Progress(new(2, "Inner", "working") { ParentActivityId = 1 });
        return "result";
    }
}
