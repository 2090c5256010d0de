using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

/// <summary>Turns the rows of a description into layers; the rules are those of the reference's parser.</summary>
internal sealed class PlanBuilder(ModelDefinition definition, PlanOptions options)
{
    private const int WidthStep = 8;
    private const int WidestLayer = 1 << 20;
    private readonly List<LayerPlan> layers = [];
    private readonly List<int> save = [];
    private readonly List<string> warnings = [.. definition.Warnings];
    private ModelScale scale = new("", 1, 1, double.PositiveInfinity);
    private int classCount;
    private bool legacy = true;

    public ModelPlan Build()
    {
        if (definition.ClassCount is not { } classes)
            throw definition.Error("the number of classes (nc) is missing.", null, "Add nc: and the number of classes.");
        if (classes < 1)
            throw definition.Error($"the number of classes is {classes}.", "nc", "A model needs at least one class.");
        if (definition.RegMax is < 1 or > 1024)
            throw definition.Error($"reg_max is {definition.RegMax}.", "reg_max", "Give a number from 1 to 1024; 16 is usual.");
        if (definition.Channels is < 1 or > 1024)
            throw definition.Error($"the number of input channels is {definition.Channels}.", "channels", "Colour images have 3.");
        classCount = classes;
        scale = ChooseScale();
        _ = definition.Task;
        IReadOnlyList<ModelRow> rows = definition.Rows;
        for (int index = 0; index < rows.Count; index++) layers.Add(Layer(index, rows[index], rows.Count));
        return new(definition, options, scale, layers, [.. save.Order()], options.LegacyClassBranch ?? legacy, warnings);
    }

    private ModelScale ChooseScale()
    {
        IReadOnlyList<ModelScale> scales = definition.Scales;
        string letter = definition.Scale;
        if (scales.Count == 0)
            return new(letter, Multiple("depth_multiple"), Multiple("width_multiple"), double.PositiveInfinity);
        if (letter.Length == 0)
        {
            if (scales.Count > 1) warnings.Add($"No scale was given for {definition.Name}; '{scales[0].Letter}' is taken.");
            return scales[0];
        }
        return scales.FirstOrDefault(candidate => candidate.Letter == letter) ?? throw definition.Error(
            $"there is no scale '{letter}'.", "scales",
            $"This model has {string.Join(", ", scales.Select(candidate => candidate.Letter))}.");
    }

    private double Multiple(string key) => definition.Find(key) switch
    {
        null => 1.0,
        long number and > 0 => number,
        double number and > 0 => number,
        var other => throw definition.Error($"{key} is '{ModelDefinition.Text(other)}'.", key, "Give a positive number."),
    };

    private LayerPlan Layer(int index, ModelRow row, int rowCount)
    {
        string position = ModelDefinition.RowPosition(index, row);
        ModuleRule rule = ModuleRules.Find(row.Module) ?? throw definition.Error(
            $"the module '{row.Module}' is not known.", position, $"Known modules: {string.Join(", ", ModuleRules.Names)}.");
        if (row.Arguments.Count < rule.MinArguments || row.Arguments.Count > rule.MaxArguments)
            throw definition.Error(
                $"{row.Module} takes {Range(rule)}, but the row gives {row.Arguments.Count}.", position, "Compare with a built-in model.");
        if (rule.Group == ModuleGroup.DetectionHead && index != rowCount - 1)
            throw definition.Error($"the head '{row.Module}' is not the last row.", position, "Move it to the end.");

        int[] sources = [.. row.From.Select(from => Source(index, from, position))];
        foreach (int from in row.From.Where(from => from != -1)) save.Add(index == 0 ? 0 : ((from % index) + index) % index);
        bool several = rule.Group is ModuleGroup.Concat or ModuleGroup.Fuse or ModuleGroup.DetectionHead or ModuleGroup.JoiningHead;
        if (!several && sources.Length != 1)
            throw definition.Error(
                $"{row.Module} takes one input, but the row gives {sources.Length}.", position, "Join them with Concat.");
        int[] inputs = [.. sources.Select(source => InputChannels(source, rule.Group, position))];
        int repeats = row.Repeats > 1
            ? Math.Max((int)Math.Round(row.Repeats * scale.Depth, MidpointRounding.ToEven), 1)
            : row.Repeats;
        List<object?> arguments = [.. row.Arguments.Select(Resolve)];
        bool isClassCount = row.Arguments is ["nc", ..];
        int[] widths = rule.Group switch
        {
            ModuleGroup.ScaledRepeating => [ScaleFirst(arguments, inputs[0], repeats, isClassCount, row.Module, position)],
            ModuleGroup.Scaled or ModuleGroup.JoiningHead =>
                [ScaleFirst(arguments, inputs.Sum(), null, isClassCount, row.Module, position)],
            ModuleGroup.Concat => [inputs.Sum()],
            ModuleGroup.Split => SplitWidths(arguments, inputs[0], position),
            ModuleGroup.Fuse => [FusedWidth(arguments, sources, position)],
            ModuleGroup.DetectionHead => [CompleteHead(arguments, row.Module, position)],
            _ => [inputs[0]],
        };
        AddExtras(row.Module, arguments, position);
        int stacked = rule.Group == ModuleGroup.ScaledRepeating ? 1 : repeats;
        if (stacked > 1 && rule.Group is ModuleGroup.Scaled or ModuleGroup.Same && widths[0] != inputs.Sum())
            throw definition.Error(
                $"{row.Module} is repeated {stacked} times, but turns {inputs.Sum()} channels into {widths[0]}.", position,
                "A repeated module must be as wide as its input: put one more row before it.");
        return new()
        {
            Index = index,
            From = row.From,
            FromIsList = row.FromIsList,
            Sources = sources,
            Repeats = repeats,
            Stacked = rule.Group is ModuleGroup.Scaled or ModuleGroup.Same ? stacked : 1,
            Module = row.Module,
            Part = index == rowCount - 1 ? LayerPart.Head : index < definition.Backbone.Count ? LayerPart.Backbone : LayerPart.Neck,
            Arguments = arguments,
            InputChannels = inputs,
            OutputWidths = widths,
            Position = position,
        };
    }

    private int Source(int index, int from, string position)
    {
        int source = from < 0 ? index + from : from;
        if (source < -1 || (source == -1 && from != -1))
            throw definition.Error($"the input {from} lies before the first layer.", position, "Layers are counted from 0.");
        if (source >= index)
            throw definition.Error($"the input {from} is not before layer {index}.", position, "A layer can only read earlier layers.");
        return source;
    }

    private int InputChannels(int source, ModuleGroup group, string position)
    {
        if (source < 0) return definition.Channels;
        if (layers[source].OutputWidths.Count > 1 && group != ModuleGroup.Fuse)
            throw definition.Error($"layer {source} has several outputs.", position, "Only CBFuse can read a CBLinear layer.");
        return layers[source].OutputChannels;
    }

    private object? Resolve(object? argument)
    {
        if (argument is not string text) return argument;
        return text switch
        {
            "nc" => (long)classCount,
            "kpt_shape" => definition.Find("kpt_shape") ?? 1.0,
            "reg_max" => (long)definition.RegMax,
            "scale" => scale.Letter,
            "width" => scale.Width,
            "depth" => scale.Depth,
            "max_channels" => scale.MaxChannels,
            "end2end" => definition.EndToEnd,
            _ => PythonLiteral.Evaluate(text),
        };
    }

    private int ScaleFirst(List<object?> arguments, int input, int? repeats, bool isClassCount, string module, string position)
    {
        int width = Width(arguments[0], module, position);
        // A width that happens to equal the class count stays unscaled, whatever the module is: checkpoints depend on it.
        // A row that asks for the class count by its name has it, also in a model that keeps the widths of an earlier count.
        if (!isClassCount && width != (options.UnscaledWidth ?? classCount)) width = ScaledWidth(width);
        if (width is < 1 or > WidestLayer)
            throw definition.Error($"{module} would be {width} channels wide.", position, "Give a width from 1 to 1048576.");
        arguments[0] = (long)width;
        arguments.Insert(0, (long)input);
        if (repeats is { } count) arguments.Insert(2, (long)count);
        return width;
    }

    private int Width(object? argument, string module, string position) => argument switch
    {
        long value and >= 1 and <= WidestLayer => (int)value,
        double value when value == Math.Floor(value) && value is >= 1 and <= WidestLayer => (int)value,
        _ => throw definition.Error(
            $"the first argument of {module} must be a width, but it is '{ModelDefinition.Text(argument)}'.", position,
            "Give a whole number of channels."),
    };

    private int ScaledWidth(int width) =>
        checked((int)Math.Min(Math.Ceiling(Math.Min(width, scale.MaxChannels) * scale.Width / WidthStep) * WidthStep, int.MaxValue));

    private int[] SplitWidths(List<object?> arguments, int input, string position)
    {
        if (arguments[0] is not List<object?> { Count: > 0 } list || list.Exists(width => width is not long and not double))
            throw definition.Error("CBLinear takes a list of widths.", position, "Write for example [[64, 128]].");
        int[] widths = [.. list.Select(width => Width(width, "CBLinear", position))];
        arguments.Insert(0, (long)input);
        return widths;
    }

    private int FusedWidth(List<object?> arguments, int[] sources, string position)
    {
        if (arguments[0] is not List<object?> indices || indices.Count != sources.Length - 1 || indices.Exists(index => index is not long))
            throw definition.Error(
                $"CBFuse takes a list of one number for each input but the last: {sources.Length - 1}.", position,
                "Write for example [[0, 0]].");
        int width = sources[^1] < 0 ? definition.Channels : layers[sources[^1]].OutputChannels;
        for (int j = 0; j < indices.Count; j++)
        {
            IReadOnlyList<int> offered = sources[j] < 0 ? [definition.Channels] : layers[sources[j]].OutputWidths;
            long index = (long)indices[j]!;
            if (index < 0 || index >= offered.Count)
                throw definition.Error($"layer {sources[j]} has no output {index}.", position, $"It has {offered.Count}.");
            if (offered[(int)index] != width)
                throw definition.Error(
                    $"output {index} of layer {sources[j]} has {offered[(int)index]} channels, but the last input has {width}.", position,
                    "The maps that are added must be equally wide.");
        }
        return width;
    }

    private int CompleteHead(List<object?> arguments, string module, string position)
    {
        if (arguments[0] is not long classes || classes != classCount)
            throw definition.Error(
                $"the first argument of {module} must be the class count, but it is '{ModelDefinition.Text(arguments[0])}'.", position,
                "Write nc.");
        HeadRule rule = NetworkTask.HeadOf(module)!;
        if (rule.ScaledArgument is { } scaled && scaled < arguments.Count)
            arguments[scaled] = (long)ScaledWidth(Width(arguments[scaled], module, position));
        if (rule.NeedsKeypointShape && definition.KeypointShape is null)
            throw definition.Error("a pose model needs kpt_shape.", position, "Add for example kpt_shape: [17, 3] at the top.");
        return classCount;
    }

    // What depends on the scale letter, and on which modules have been seen.
    private void AddExtras(string module, List<object?> arguments, string position)
    {
        if (module is "C3k2" or "A2C2f" or "C2fCIB") legacy = false;
        if (module is not ("C3k2" or "A2C2f")) return;
        if (!definition.HasScale && definition.Scales.Count == 0)
            throw definition.Error(
                $"{module} depends on the scale, but the description has neither scales nor a scale.", position,
                "Add scale: and a letter.");
        // The reference asks whether the letter is a part of the text, and an empty text is a part of any.
        if (module == "C3k2" && "mlx".Contains(scale.Letter, StringComparison.Ordinal))
        {
            if (arguments.Count > 3) arguments[3] = true;
            else arguments.Add(true);
        }
        if (module == "A2C2f" && "lx".Contains(scale.Letter, StringComparison.Ordinal)) arguments.AddRange([true, 1.2]);
    }

    private static string Range(ModuleRule rule)
    {
        string text = rule.MinArguments == rule.MaxArguments
            ? rule.MinArguments.ToString(CultureInfo.InvariantCulture)
            : $"{rule.MinArguments} to {rule.MaxArguments}";
        return $"{text} argument{(rule.MaxArguments == 1 ? "" : "s")}";
    }
}
