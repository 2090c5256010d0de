using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Devices;

/// <summary>What the processor says about itself.</summary>
internal static class ProcessorFeatures
{
    // The leaves of CPUID that list the caches; the low five bits of EAX are the type of the first, 0 for none.
    private const uint IntelCaches = 4, AmdCaches = 0x8000001D, ExtendedLeaves = 0x80000000, CacheType = 0x1F;

    /// <summary>The processor's name, such as "AMD EPYC 9454 48-Core Processor".</summary>
    public static string Name
    {
        get
        {
            string name = X86Base.IsSupported ? BrandString() : FromCpuInfo("model name") ?? "";
            return name.Length > 0 ? name : $"{RuntimeInformation.ProcessArchitecture} processor";
        }
    }

    /// <summary>
    /// Whether the processor reports its caches. Where a virtual machine hides them, libtorch's convolutions are limited to SSE4.1; see
    /// <see cref="NativeEnvironment"/>.
    /// </summary>
    public static bool ReportsCaches { get; } = !X86Base.IsSupported || HasCache(IntelCaches) || HasCache(AmdCaches);

    /// <summary>
    /// Whether there are bfloat16 instructions that libtorch uses: AVX512_BF16 or AMX-BF16 on x64, BF16 on Arm; not where its convolutions
    /// are limited to instructions without them.
    /// </summary>
    public static bool HasBFloat16
    {
        get
        {
            if (!X86Base.IsSupported) return FromCpuInfo("Features")?.Split(' ').Contains("bf16") ?? false;
            // Leaf 7 of CPUID: sub-leaf 1, EAX bit 5 is AVX512_BF16; sub-leaf 0, EDX bit 22 is AMX-BF16. Avx512F.IsSupported says that the
            // system saves the registers these need.
            if (!ReportsCaches || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7) return false;
            var features = X86Base.CpuId(7, 0);
            return (features.Edx >> 22 & 1) != 0 || (features.Eax >= 1 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) != 0);
        }
    }

    private static bool HasCache(uint leaf)
    {
        uint last = (uint)X86Base.CpuId(unchecked((int)(leaf & ExtendedLeaves)), 0).Eax;
        return last >= leaf && ((uint)X86Base.CpuId(unchecked((int)leaf), 0).Eax & CacheType) != 0;
    }

    private static string BrandString()
    {
        const uint FirstLeaf = 0x80000002;
        if ((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < FirstLeaf + 2) return "";
        Span<byte> text = stackalloc byte[48];
        for (int leaf = 0; leaf < 3; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId(unchecked((int)FirstLeaf) + leaf, 0);
            Span<byte> part = text[(16 * leaf)..];
            BinaryPrimitives.WriteInt32LittleEndian(part, a);
            BinaryPrimitives.WriteInt32LittleEndian(part[4..], b);
            BinaryPrimitives.WriteInt32LittleEndian(part[8..], c);
            BinaryPrimitives.WriteInt32LittleEndian(part[12..], d);
        }
        int end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]).Trim();
    }

    private static string? FromCpuInfo(string key)
    {
        const string File = "/proc/cpuinfo";
        if (!System.IO.File.Exists(File)) return null;
        foreach (string line in SharedFile.ReadLines(File))
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(key)) return line[(colon + 1)..].Trim();
        }
        return null;
    }
}
