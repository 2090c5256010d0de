using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks one required symbol version of an ELF64 library as weak (VER_FLG_WEAK), so that the dynamic linker no longer refuses the
/// library where that version is missing. libLibTorchSharp.so asks for GLIBCXX_3.4.32 only through
/// _ZSt21ios_base_library_initv, which no relocation uses; without the mark it does not load on Debian 12, Ubuntu 22.04 or RHEL 9.
/// The library itself, which lies in the NuGet cache, is never written to.
/// </summary>
public sealed class WeakenSymbolVersion : Task
{
    private const uint SectionTypeVerneed = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;

    /// <summary>The library to read.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The version name, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string VersionName { get; set; } = "";

    /// <summary>Where the changed copy goes. It is left alone when it is already what it must be.</summary>
    [Required]
    public string Output { get; set; } = "";

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Library);
        int flags = FindFlags(image, VersionName);
        if (flags < 0) Log.LogMessage(MessageImportance.Low, "{0} does not ask for {1}.", Library, VersionName);
        else BitConverter.GetBytes((ushort)(BitConverter.ToUInt16(image, flags) | WeakFlag)).CopyTo(image, flags);

        if (File.Exists(Output) && File.ReadAllBytes(Output).SequenceEqual(image)) return true;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Output)));
        string temporary = Output + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        if (File.Exists(Output)) File.Delete(Output);
        File.Move(temporary, Output);
        return true;
    }

    /// <summary>Offset of vna_flags of the entry, or -1 when the library does not name the version.</summary>
    private static int FindFlags(byte[] elf, string name)
    {
        bool isElf64 = elf.Length > 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F' && elf[4] == 2 && elf[5] == 1;
        if (!isElf64) return -1;
        long sections = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        for (int i = 0; i < count; i++)
        {
            int header = checked((int)sections + i * size);
            if (BitConverter.ToUInt32(elf, header + 4) != SectionTypeVerneed) continue;
            int offset = checked((int)BitConverter.ToInt64(elf, header + 0x18));
            int link = checked((int)sections + (int)BitConverter.ToUInt32(elf, header + 0x28) * size);
            int strings = checked((int)BitConverter.ToInt64(elf, link + 0x18));
            for (int need = offset; ;)
            {
                int auxCount = BitConverter.ToUInt16(elf, need + 2);
                int aux = need + (int)BitConverter.ToUInt32(elf, need + 8);
                for (int j = 0; j < auxCount; j++)
                {
                    int at = strings + (int)BitConverter.ToUInt32(elf, aux + 8);
                    int end = Array.IndexOf(elf, (byte)0, at);
                    if (Encoding.ASCII.GetString(elf, at, end - at) == name) return aux + 4;
                    aux += (int)BitConverter.ToUInt32(elf, aux + 12);
                }
                int next = (int)BitConverter.ToUInt32(elf, need + 12);
                if (next == 0) break;
                need += next;
            }
        }
        return -1;
    }
}
