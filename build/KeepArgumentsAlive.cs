using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks the methods that take a Scalar as neither to be optimised nor to be inlined (MethodImplAttributes). TorchSharp 0.107 makes a
/// native number of the 1 in <c>x.add(y, 1)</c>, hands its address over and does not keep the object alive: optimised, or inlined into
/// optimised code, the object is garbage while the call is at work, and a collection at that moment frees the number ("Expected false to
/// be true", "Unknown scalar type", Scalar.h). Otherwise arguments live to the end of the method. The methods are thin wrappers around
/// native calls; what they cost is not theirs. The assembly in the NuGet cache is never written to.
/// </summary>
/// <remarks>The layout of the metadata is that of ECMA-335, partition II, sections 22 and 24.</remarks>
public sealed class KeepArgumentsAlive : Task
{
    private const int Field = 4, MethodDef = 6, Param = 8, Module = 0, TypeRef = 1, TypeDef = 2, FieldPtr = 3, MethodPtr = 5;
    private const int ModuleRef = 26, TypeSpec = 27, AssemblyRef = 35, Tables = 64;
    private const string ScalarName = "Scalar";
    private const byte NoInlining = 0x08, NoOptimization = 0x40, CodeType = 0x03;

    /// <summary>The assembly to read.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>Where the changed copy goes. It is left alone when it is already what it must be.</summary>
    [Required]
    public string Output { get; set; } = "";

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Assembly);
        int marked = Mark(image);
        if (marked == 0) Log.LogWarning("{0} has no methods that could be marked; it is used as it is.", Assembly);
        if (File.Exists(Output) && File.ReadAllBytes(Output).SequenceEqual(image)) return true;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Output)));
        string temporary = Output + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        File.Delete(Output);
        File.Move(temporary, Output);
        return true;
    }

    private static int Mark(byte[] image)
    {
        int at = Stream(image, "#~"), strings = Stream(image, "#Strings"), blobs = Stream(image, "#Blob");
        if (at < 0 || strings < 0 || blobs < 0) return 0;
        byte heaps = image[at + 6];
        int text = (heaps & 1) != 0 ? 4 : 2, guid = (heaps & 2) != 0 ? 4 : 2, blob = (heaps & 4) != 0 ? 4 : 2;
        ulong present = BitConverter.ToUInt64(image, at + 8);
        int[] rows = new int[Tables];
        at += 24;
        for (int table = 0; table < Tables; table++)
        {
            if ((present >> table & 1) == 0) continue;
            rows[table] = BitConverter.ToInt32(image, at);
            at += 4;
        }
        int Index(int table) => rows[table] < 1 << 16 ? 2 : 4;
        // Two bits of a coded index say which table it is of.
        int Coded(params int[] tables) => tables.Max(table => rows[table]) < 1 << 14 ? 2 : 4;
        at += rows[Module] * (2 + text + 3 * guid);
        at += rows[TypeRef] * (Coded(Module, ModuleRef, AssemblyRef, TypeRef) + 2 * text);
        int typeSize = 4 + 2 * text + Coded(TypeDef, TypeRef, TypeSpec) + Index(Field) + Index(MethodDef), scalar = 0;
        for (int type = 1; type <= rows[TypeDef]; type++, at += typeSize)
        {
            int name = strings + Number(image, at + 4, text);
            if (Encoding.ASCII.GetString(image, name, ScalarName.Length + 1) == ScalarName + "\0") scalar = type;
        }
        if (scalar == 0) return 0;
        // ELEMENT_TYPE_CLASS and the compressed number of the type: its row, and 0 in the two lowest bits for the table TypeDef.
        int coded = scalar << 2;
        byte[] argument = coded < 0x80 ? new byte[] { 0x12, (byte)coded } : new byte[] { 0x12, (byte)(0x80 | coded >> 8), (byte)coded };
        at += rows[FieldPtr] * Index(Field);
        at += rows[Field] * (2 + text + blob);
        at += rows[MethodPtr] * Index(MethodDef);
        int size = 8 + text + blob + Index(Param), marked = 0;
        for (int method = 0; method < rows[MethodDef]; method++, at += size)
        {
            // Abstract methods and native ones have no code here.
            if (BitConverter.ToInt32(image, at) == 0 || (image[at + 4] & CodeType) != 0) continue;
            int signature = blobs + Number(image, at + 8 + text, blob), length = image[signature++];
            // A signature of 128 bytes or more has its length in two.
            if (length >= 0x80) length = (length & 0x3f) << 8 | image[signature++];
            if (!Contains(image, signature, length, argument)) continue;
            image[at + 4] |= NoInlining | NoOptimization;
            marked++;
        }
        return marked;
    }

    private static int Number(byte[] image, int at, int size) =>
        size == 4 ? BitConverter.ToInt32(image, at) : BitConverter.ToUInt16(image, at);

    private static bool Contains(byte[] image, int begin, int length, byte[] part)
    {
        for (int at = begin; at + part.Length <= begin + length; at++)
        {
            if (part.SequenceEqual(image.Skip(at).Take(part.Length))) return true;
        }
        return false;
    }

    // Where a stream of the metadata begins, or -1.
    private static int Stream(byte[] image, string name)
    {
        for (int root = 0; root + 16 < image.Length; root += 4)
        {
            if (Encoding.ASCII.GetString(image, root, 4) != "BSJB") continue;
            int at = root + 16 + BitConverter.ToInt32(image, root + 12);
            int streams = BitConverter.ToUInt16(image, at + 2);
            at += 4;
            for (int stream = 0; stream < streams; stream++)
            {
                int end = Array.IndexOf(image, (byte)0, at + 8);
                if (Encoding.ASCII.GetString(image, at + 8, end - at - 8) == name) return root + BitConverter.ToInt32(image, at);
                at += 8 + (end - at - 8) / 4 * 4 + 4;
            }
        }
        return -1;
    }
}
