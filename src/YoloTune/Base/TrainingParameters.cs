using System.Management.Automation;
using YoloTune.Training;

namespace YoloTune.Commands.Base;

/// <summary>Reads the options of a run off a cmdlet: a parameter that has the name of an option stands for it.</summary>
internal static class TrainingParameters
{
    /// <summary>The options with the values of the parameters that were given.</summary>
    public static TrainingOptions Read(PSCmdlet cmdlet, TrainingOptions defaults) => defaults.With(name =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? value) && value is SwitchParameter on ? on.ToBool() : value);
}
