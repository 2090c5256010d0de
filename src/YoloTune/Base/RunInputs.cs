using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Runs.Records;

namespace YoloTune.Commands.Base;

/// <summary>Turns whatever stands for a run into the run: the run itself, a model that was trained, or a path.</summary>
internal sealed class RunInputs(YoloCmdlet cmdlet, PathResolver paths)
{
    /// <summary>The runs, in their order; what names none becomes an error and is left out.</summary>
    public IEnumerable<TrainingRun> Read(IEnumerable<object> inputs)
    {
        foreach (object input in inputs)
        {
            object value = input is PSObject wrapped ? wrapped.BaseObject : input;
            if (value is TrainingRun run) yield return run;
            else if (value is YoloModel model)
            {
                if (model.Run is TrainingRun own) yield return own;
                else cmdlet.WriteError(
                    new TrainingException($"{model} was not trained in this session.", remedy: "Give the folder of its run."), model);
            }
            else
            {
                foreach (TrainingRun found in At(PathOf(input, value))) yield return found;
            }
        }
    }

    private static string PathOf(object input, object value) => value switch
    {
        string path => path,
        FileSystemInfo folder => folder.FullName,
        _ => PSObject.AsPSObject(input) is var item
            && (item.Properties["Directory"] ?? item.Properties["FullName"] ?? item.Properties["Path"])?.Value
            is string path ? path : value.ToString() ?? "",
    };

    private IEnumerable<TrainingRun> At(string path)
    {
        foreach (string folder in paths.Existing([path]))
        {
            IReadOnlyList<string> found = TrainingRun.Find(TrainingRun.FolderOf(folder));
            if (found.Count == 0)
            {
                cmdlet.WriteError(
                    new TrainingException(
                        "there is no training run here.", folder, remedy: "Give a run's folder, or the folder that holds runs."),
                    folder);
            }
            foreach (string run in found)
            {
                if (Open(run) is { } opened) yield return opened;
            }
        }
    }

    private TrainingRun? Open(string folder)
    {
        try
        {
            return TrainingRun.Read(folder);
        }
        catch (Exception error) when (ErrorRecords.IsExpected(error))
        {
            cmdlet.WriteError(error, folder);
            return null;
        }
    }
}
