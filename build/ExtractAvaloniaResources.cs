using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Lays down files that an Avalonia assembly carries inside its manifest resource "!AvaloniaResources": the length of an index,
/// the index (version, count, then path, offset and length of each file), and the files' bytes. Inter is published for NuGet in
/// this form only. The assembly is read as bytes: none of its code runs and its dependencies are not needed.
/// </summary>
public sealed class ExtractAvaloniaResources : Task
{
    private const string ResourceName = "!AvaloniaResources";
    private const int IndexVersion = 2;

    /// <summary>The assembly that carries the files.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>Names of the wanted files, without folders, such as Inter-Regular.ttf.</summary>
    [Required]
    public string[] FileNames { get; set; } = new string[0];

    /// <summary>The folder to write to.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    public override bool Execute()
    {
        var wanted = new HashSet<string>(FileNames, StringComparer.Ordinal);
        Directory.CreateDirectory(OutputFolder);
        Assembly carrier = System.Reflection.Assembly.Load(File.ReadAllBytes(Assembly));
        using (Stream stream = carrier.GetManifestResourceStream(ResourceName))
        {
            if (stream == null) return Fail("has no resource " + ResourceName);
            using (var reader = new BinaryReader(stream))
            {
                long data = 4L + reader.ReadInt32();
                int version = reader.ReadInt32();
                if (version != IndexVersion) return Fail("has a resource index of the unknown version " + version);
                var entries = new List<KeyValuePair<string, int[]>>();
                for (int count = reader.ReadInt32(); count > 0; count--)
                {
                    string name = Path.GetFileName(reader.ReadString());
                    entries.Add(new KeyValuePair<string, int[]>(name, new[] { reader.ReadInt32(), reader.ReadInt32() }));
                }
                foreach (KeyValuePair<string, int[]> entry in entries)
                {
                    if (!wanted.Remove(entry.Key)) continue;
                    stream.Position = data + entry.Value[0];
                    Write(Path.Combine(OutputFolder, entry.Key), reader.ReadBytes(entry.Value[1]));
                }
            }
        }
        return wanted.Count == 0 || Fail("does not carry " + string.Join(", ", wanted));
    }

    private static void Write(string path, byte[] bytes)
    {
        string temporary = path + ".new";
        File.WriteAllBytes(temporary, bytes);
        if (File.Exists(path)) File.Delete(path);
        File.Move(temporary, path);
    }

    private bool Fail(string what)
    {
        Log.LogError("{0} {1}; choose another version of the package.", Assembly, what);
        return false;
    }
}
