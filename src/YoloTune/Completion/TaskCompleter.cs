using YoloTune.Models;
using YoloTune.Networks;

namespace YoloTune.Commands.Completion;

/// <summary>Completes the tasks of models.</summary>
public sealed class TaskCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Hint)> Names(YoloModel? model) =>
        NetworkTask.All.Select(task => (task.Name, "a task of models"));
}
