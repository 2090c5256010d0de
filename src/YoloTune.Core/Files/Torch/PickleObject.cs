namespace YoloTune.Files.Torch;

/// <summary>
/// An instance of a Python class as the pickle describes it: the class's name, the arguments it would be made with and the state it
/// would be given. Nothing of the class is run.
/// </summary>
internal sealed class PickleObject : PickleContainer
{
    /// <summary>Describes an instance.</summary>
    public PickleObject(PickleGlobal type, PickleTuple arguments)
    {
        Type = type;
        Arguments = arguments;
        Contain(arguments);
    }

    /// <summary>The class.</summary>
    public PickleGlobal Type { get; }

    /// <summary>The arguments of the constructor.</summary>
    public PickleTuple Arguments { get; }

    /// <summary>What was appended to it (a list's subclass), or null.</summary>
    public PickleList? ListItems { get; private set; }

    /// <summary>What was set in it by key (a dictionary's subclass), or null.</summary>
    public PickleDictionary? DictionaryItems { get; private set; }

    /// <summary>
    /// The attributes: the state where it is a dictionary, or the first part of a (dictionary, slots) pair; otherwise null.
    /// </summary>
    public PickleDictionary? Attributes => State switch
    {
        PickleDictionary attributes => attributes,
        PickleTuple { Count: 2 } pair => pair[0] as PickleDictionary ?? pair[1] as PickleDictionary,
        _ => null,
    };

    internal void Append(object? item)
    {
        (ListItems ??= []).Add(item);
        Contain(ListItems);
    }

    internal void Set(object key, object? value)
    {
        (DictionaryItems ??= []).Set(key, value);
        Contain(DictionaryItems);
    }
}
