using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;

namespace YoloTune.Networks;

/// <summary>Reads a layer's arguments with their types; a wrong one is reported with its row.</summary>
internal sealed class LayerArguments(LayerPlan layer, ModelDefinition definition)
{
    public int Int(int index, int? fallback = null) => Find(index) switch
    {
        null when fallback is { } value => value,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        double value when value == Math.Floor(value) && Math.Abs(value) < int.MaxValue => (int)value,
        bool value => value ? 1 : 0,
        var other => throw Wrong(index, other, "a whole number"),
    };

    public int? OptionalInt(int index) => Find(index) is null ? null : Int(index);

    public double Number(int index, double fallback) => Find(index) switch
    {
        null => fallback,
        long value => value,
        double value => value,
        var other => throw Wrong(index, other, "a number"),
    };

    public bool Flag(int index, bool fallback) => Find(index) switch
    {
        null when index < layer.Arguments.Count => false,
        null => fallback,
        bool value => value,
        long value => value != 0,
        var other => throw Wrong(index, other, "True or False"),
    };

    public Pair Size(int index, Pair fallback) => Find(index) switch
    {
        null => fallback,
        List<object?> { Count: 2 } list when list[0] is long rows && list[1] is long columns => new((int)rows, (int)columns),
        _ => Int(index),
    };

    public IReadOnlyList<int> List(int index, IReadOnlyList<int>? fallback = null) => Find(index) switch
    {
        null when fallback is not null => fallback,
        List<object?> list when list.TrueForAll(item => item is long) => [.. list.Select(item => (int)(long)item!)],
        var other => throw Wrong(index, other, "a list of whole numbers"),
    };

    /// <summary>An activation: a truth value, or an expression such as <c>nn.ReLU()</c>.</summary>
    public Activation Act(int index, Activation standard)
    {
        if (Find(index) is not string expression)
            return Flag(index, true) ? standard : new(ActivationKind.Identity);
        return new(Activation.Parse(expression) ?? throw Wrong(index, expression, "an activation such as nn.ReLU()"));
    }

    public (Pair First, Pair Second) Kernels(int index) => Find(index) switch
    {
        null => (3, 3),
        List<object?> { Count: 2 } list => (Kernel(index, list[0]), Kernel(index, list[1])),
        _ => (Int(index), Int(index)),
    };

    private Pair Kernel(int index, object? value) => value switch
    {
        long side => (Pair)(int)side,
        List<object?> { Count: 2 } list when list[0] is long rows && list[1] is long columns => new Pair((int)rows, (int)columns),
        _ => throw Wrong(index, value, "a kernel size"),
    };

    private object? Find(int index) => index < layer.Arguments.Count ? layer.Arguments[index] : null;

    private ModelFormatException Wrong(int index, object? value, string wanted) => definition.Error(
        $"argument {index} of {layer.Module} must be {wanted}, but it is '{ModelDefinition.Text(value)}'.", layer.Position,
        "Compare with a built-in model.");
}
