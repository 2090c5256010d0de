using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks one required symbol version of an ELF64 library as weak (VER_FLG_WEAK), so that the dynamic linker no longer refuses the
/// library where that version is missing. libLibTorchSharp.so asks for GLIBCXX_3.4.32 only through
/// _ZSt21ios_base_library_initv, which no relocation uses; without the mark it does not load on Debian 12, Ubuntu 22.04 or RHEL 9.
/// The output file is replaced, never written through: it may be a hard link into the NuGet cache.
/// </summary>
public sealed class WeakenSymbolVersion : Task
{
    private const uint SectionTypeVerneed = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;

    /// <summary>The library to change, in the output folder.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The version name, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string VersionName { get; set; } = "";

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Library);
        int flags = FindFlags(image, VersionName);
        if (flags < 0)
        {
            Log.LogMessage(MessageImportance.Low, "{0} does not ask for {1}.", Library, VersionName);
            return true;
        }
        ushort value = BitConverter.ToUInt16(image, flags);
        if ((value & WeakFlag) != 0) return true;
        BitConverter.GetBytes((ushort)(value | WeakFlag)).CopyTo(image, flags);
        string temporary = Library + ".patched";
        File.WriteAllBytes(temporary, image);
        File.Delete(Library);
        File.Move(temporary, Library);
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
