using System.Reflection;
using System.Runtime.Loader;

namespace YoloTune.Loader;

/// <summary>
/// The private load context of YoloTune: its cmdlets, its engine and every package they use live here, so that another module's
/// YamlDotNet or SkiaSharp neither disturbs them nor is disturbed by them. This assembly is the only one of YoloTune in PowerShell's own
/// context.
/// </summary>
public sealed class ModuleContext : AssemblyLoadContext
{
    private static readonly object Gate = new();
    private static ModuleContext? current;

    private readonly AssemblyDependencyResolver resolver;
    private readonly Assembly commands;

    private ModuleContext(string folder) : base("YoloTune")
    {
        string main = Path.Combine(folder, "YoloTune.dll");
        Folder = folder;
        resolver = new(main);
        commands = LoadFromAssemblyPath(main);
    }

    /// <summary>The folder that the context was filled from.</summary>
    public string Folder { get; }

    /// <summary>Loads the cmdlet assembly, once in a process: the second import of the module gets the same assembly.</summary>
    /// <param name="folder">The folder that holds YoloTune.dll, its dependencies and its .deps.json.</param>
    /// <exception cref="InvalidOperationException">YoloTune was already loaded from another folder: libtorch stands no second copy of
    /// itself in one process.</exception>
    public static Assembly Load(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        lock (Gate)
        {
            current ??= new(full);
            StringComparison comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            if (!string.Equals(current.Folder, full, comparison))
            {
                throw new InvalidOperationException(
                    $"YoloTune was already loaded from '{current.Folder}' in this process and cannot be loaded from '{full}' as well. "
                    + "Start a new PowerShell session.");
            }
            return current.commands;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string? path = resolver.ResolveAssemblyToPath(assemblyName);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    /// <inheritdoc/>
    /// <remarks>PowerShell never looks into runtimes/&lt;rid&gt;/native of a module. libtorch aborts the process when it is loaded from two
    /// places, so every native library of the module is resolved here, from its .deps.json, and nowhere else.</remarks>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? path = resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }
}
