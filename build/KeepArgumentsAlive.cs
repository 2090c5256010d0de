using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks an assembly so that the runtime compiles it without optimisation (DebuggableAttribute, DisableOptimizations). TorchSharp 0.107
/// makes a native number of the 1 in <c>x.add(y, 1)</c>, hands its address over and does not keep the object alive: optimised, the object
/// is garbage while the call is at work, and a collection at that moment frees the number ("Expected false to be true", Scalar.h). Not
/// optimised, arguments live to the end of the method. The methods are thin wrappers around native calls; what they cost is not theirs.
/// The assembly in the NuGet cache is never written to.
/// </summary>
public sealed class KeepArgumentsAlive : Task
{
    // A custom attribute's value: length 8, prolog 0001, the modes (IgnoreSymbolStoreSequencePoints), no named arguments.
    private static readonly byte[] Released = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };
    private const int Modes = 4;
    private const byte DisableOptimizations = 1;

    /// <summary>The assembly to read.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>Where the changed copy goes. It is left alone when it is already what it must be.</summary>
    [Required]
    public string Output { get; set; } = "";

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Assembly);
        int found = -1, count = 0;
        for (int i = 0; i + Released.Length <= image.Length; i++)
        {
            if (image[i] != Released[0] || !Released.SequenceEqual(image.Skip(i).Take(Released.Length))) continue;
            found = i;
            count++;
        }
        if (count == 1) image[found + Modes] = DisableOptimizations;
        else Log.LogWarning("{0} has its DebuggableAttribute {1} times; it is used as it is.", Assembly, count);
        if (File.Exists(Output) && File.ReadAllBytes(Output).SequenceEqual(image)) return true;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Output)));
        string temporary = Output + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        File.Delete(Output);
        File.Move(temporary, Output);
        return true;
    }
}
