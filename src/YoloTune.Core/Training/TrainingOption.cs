using System.Globalization;
using System.Reflection;
using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.Training;

/// <summary>One option of a training run, as <see cref="TrainingOptionAttribute"/> declares it.</summary>
internal sealed class TrainingOption
{
    private readonly PropertyInfo property;
    private readonly PropertyInfo? owner;
    private readonly TrainingOptionAttribute declared;

    private TrainingOption(PropertyInfo property, PropertyInfo? owner, TrainingOptionAttribute declared)
    {
        (this.property, this.owner, this.declared) = (property, owner, declared);
        Name = owner is null ? property.Name : $"{owner.Name}.{property.Name}";
    }

    /// <summary>All options, in the order of args.yaml.</summary>
    public static IReadOnlyList<TrainingOption> All { get; } = [.. Find(typeof(TrainingOptions), null)];

    /// <summary>The property's name, "Gains.Box" inside of another record.</summary>
    public string Name { get; }

    /// <summary>The name in args.yaml, or null.</summary>
    public string? Argument => declared.Argument;

    /// <summary>The option's value.</summary>
    public object? Of(TrainingOptions options) => property.GetValue(owner is null ? options : owner.GetValue(options));

    /// <summary>The value as args.yaml holds it: a number, a boolean or a lower-case word.</summary>
    public object ArgumentOf(TrainingOptions options) => Of(options) switch
    {
        null => declared.Unset ?? throw new InvalidOperationException($"{Name} does not say what args.yaml holds where it is not set."),
        ImageCacheMode.Memory => "ram",
        ImageCacheMode.Disk => "disk",
        ImageCacheMode.None => false,
        Enum word => word.ToString().ToLowerInvariant(),
        var value => value,
    };

    /// <summary>A copy of options with others in place of some.</summary>
    /// <param name="options">The options to begin with.</param>
    /// <param name="values">The value of the option of a name; null leaves the option as it is.</param>
    public static TrainingOptions Replace(TrainingOptions options, Func<string, object?> values)
    {
        TrainingOptions result = options with { };
        foreach (TrainingOption option in All.Where(option => option.owner is null))
        {
            if (values(option.Name) is { } value) option.property.SetValue(result, value);
        }
        return result;
    }

    /// <summary>Checks the value against the range.</summary>
    /// <exception cref="TrainingException">It is out of its range; the message names option, value and range.</exception>
    public void Check(TrainingOptions options)
    {
        if (Of(options) is not { } value || declared is { Minimum: double.NegativeInfinity, Maximum: double.PositiveInfinity }) return;
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        bool fits = (declared.AboveMinimum ? number > declared.Minimum : number >= declared.Minimum)
            && (declared.BelowMaximum ? number < declared.Maximum : number <= declared.Maximum) && double.IsFinite(number);
        if (!fits) throw new TrainingException(Invariant($"{Name} cannot be {value}."), remedy: Remedy(value is double));
    }

    private string Remedy(bool isReal)
    {
        string below = declared.BelowMaximum ? "below " : "";
        string range = double.IsInfinity(declared.Maximum)
            ? declared.AboveMinimum ? Invariant($"Give a number above {declared.Minimum}.") : Invariant($"Give {declared.Minimum} or more.")
            : declared.AboveMinimum ? Invariant($"Give a number above {declared.Minimum}, up to {below}{declared.Maximum}.")
            : Invariant($"Give a {(isReal ? "number" : "whole number")} from {declared.Minimum} to {below}{declared.Maximum}.");
        return declared.Meaning is null ? range : $"{declared.Meaning} {range}";
    }

    private static IEnumerable<TrainingOption> Find(Type type, PropertyInfo? owner)
    {
        foreach (PropertyInfo property in type.GetProperties().OrderBy(property => property.MetadataToken))
        {
            if (property.GetCustomAttribute<TrainingOptionAttribute>() is { } declared) yield return new(property, owner, declared);
            else if (property.PropertyType == typeof(LossGains))
            {
                foreach (TrainingOption option in Find(typeof(LossGains), property)) yield return option;
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
