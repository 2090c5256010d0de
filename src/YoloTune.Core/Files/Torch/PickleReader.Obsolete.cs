using System.Globalization;

namespace YoloTune.Files.Torch;

internal sealed partial class PickleReader
{
    private const int LongestLine = 1 << 16;

    /// <summary>
    /// Opcodes that torch never writes and Python runs all the same. An inspection reads on over them, for it is there that hostile files
    /// hide what they do.
    /// </summary>
    private bool Obsolete(PickleOpcode old)
    {
        if (old is PickleOpcode.INST or PickleOpcode.OBJ or PickleOpcode.PERSID or PickleOpcode.INT or PickleOpcode.LONG
            or PickleOpcode.FLOAT or PickleOpcode.STRING or PickleOpcode.UNICODE)
        {
            report!.Refuse(Failure($"the opcode {old} is one that torch never writes, and is not read."));
        }
        switch (old)
        {
            case PickleOpcode.INST:
                string module = input.ReadLine(LongestGlobalName);
                PickleGlobal type = new(module, input.ReadLine(LongestGlobalName));
                Name(type);
                Call(type, new PickleTuple(TakeFromMark()));
                return true;
            case PickleOpcode.OBJ:
                object?[] items = TakeFromMark();
                if (items.Length == 0) throw Failure("an instance has no class.");
                Call(items[0], new PickleTuple(items[1..]));
                return true;
            case PickleOpcode.EXT1: Extension(input.ReadByte()); return true;
            case PickleOpcode.EXT2: Extension(input.ReadUInt16()); return true;
            case PickleOpcode.EXT4: Extension(input.ReadInt32()); return true;
            case PickleOpcode.PERSID:
                input.ReadLine(LongestLine);
                stack.Add(null);
                return true;
            case PickleOpcode.INT or PickleOpcode.LONG: stack.Add(Integer(input.ReadLine(LongestLine))); return true;
            case PickleOpcode.FLOAT:
                stack.Add(double.TryParse(input.ReadLine(LongestLine), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw Failure("a number cannot be read."));
                return true;
            case PickleOpcode.STRING: stack.Add(input.ReadLine(LongestLine).Trim('\'', '"')); return true;
            case PickleOpcode.UNICODE: stack.Add(input.ReadLine(LongestLine)); return true;
            default: return false;
        }
    }

    private void Extension(int code)
    {
        Refuse(null, FormattableString.Invariant($"it names entry {code} of Python's extension registry, which may be any function."));
        stack.Add(null);
    }

    private object Integer(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ => long.TryParse(text.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Failure("a number cannot be read."),
    };
}
