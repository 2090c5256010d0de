namespace YoloTune.Files.Torch;

/// <summary>
/// Which names of a pickle may stand in a checkpoint. Since nothing is ever run, an unknown class costs nothing and is read as an inert
/// object; what reaches for the system, for Python's own machinery or for another pickle is refused wherever it stands, and so is a
/// call of anything that does not look like a class.
/// </summary>
internal static class PickleGlobalPolicy
{
    private static readonly HashSet<string> HarmlessBuiltins =
    [
        "set", "frozenset", "list", "dict", "tuple", "int", "float", "bool", "complex", "str", "bytes", "bytearray", "object", "slice",
        "range",
    ];

    private static readonly HashSet<string> HarmlessFunctions =
    [
        "copy_reg._reconstructor", "copyreg._reconstructor", "collections.defaultdict", "collections.deque",
        "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.ndarray", "numpy.dtype",
    ];

    /// <summary>Top-level packages of which nothing has a place in a checkpoint.</summary>
    private static readonly HashSet<string> DangerousPackages =
    [
        "os", "posix", "nt", "posixpath", "ntpath", "sys", "subprocess", "_posixsubprocess", "importlib", "imp", "runpy", "ctypes",
        "_ctypes", "cffi", "socket", "_socket", "socketserver", "shutil", "pty", "tty", "pickle", "_pickle", "cPickle", "dill",
        "cloudpickle", "joblib", "marshal", "shelve", "types", "code", "codeop", "operator", "_operator", "functools", "_functools",
        "inspect", "multiprocessing", "threading", "_thread", "thread", "asyncio", "concurrent", "signal", "webbrowser", "urllib",
        "urllib2", "http", "httplib", "ftplib", "requests", "aiohttp", "httpx", "paramiko", "smtplib", "telnetlib", "xmlrpc", "ssl",
        "tempfile", "platform", "commands", "popen2", "pip", "pdb", "bdb", "timeit", "cProfile", "profile", "trace", "doctest", "distutils",
        "setuptools", "pkg_resources", "ensurepip", "venv", "zipimport", "pkgutil", "gc", "atexit", "sqlite3", "_io", "io", "fileinput",
        "linecache", "antigravity", "site", "sysconfig", "fcntl", "mmap", "idlelib", "lib2to3", "nturl2path", "winreg", "_winapi", "msvcrt",
        "pydoc", "unittest", "pytest", "nose", "IPython",
    ];

    /// <summary>Modules inside otherwise harmless packages that load, compile or run things.</summary>
    private static readonly string[] DangerousModules =
    [
        "torch.hub", "torch.utils", "torch.jit", "torch.serialization", "torch.package", "torch.distributed", "torch.multiprocessing",
        "torch.fx", "torch.onnx", "torch.ops", "torch._inductor", "torch._dynamo", "torch._C", "torch.testing",
        "numpy.testing", "numpy.lib", "numpy.f2py", "numpy.distutils", "numpy.core.memmap", "numpy.ctypeslib",
    ];

    /// <summary>Names of harmless modules that read another pickle or a file.</summary>
    private static readonly HashSet<string> DangerousNames =
    [
        "torch.load", "torch.storage._load_from_bytes", "torch.compile", "numpy.load", "numpy.loadtxt", "numpy.fromfile", "numpy.memmap",
    ];

    /// <summary>Says why a name is refused wherever it stands, or null when it may be named.</summary>
    public static string? WhyDangerous(PickleGlobal global)
    {
        if (global.Module is "builtins" or "__builtin__" or "__builtins__")
        {
            // Naming getattr is harmless; the reader refuses every use of it but a method of an object of the file.
            return global.IsGetattr || HarmlessBuiltins.Contains(global.Name) ? null : "it is a function of Python itself";
        }
        string package = global.Module.Split('.')[0];
        if (package.Length == 0 || global.Name.Length == 0) return "it has no name";
        if (package == "__main__" && !LooksLikeAClass(global)) return "it is a function of the program that wrote the file";
        if (global is { Module: "types", Name: "SimpleNamespace" }) return null;
        if (DangerousNames.Contains(global.ToString())) return "it reads another pickle or file";
        if (DangerousPackages.Contains(package)) return $"the package '{package}' has no place in a checkpoint";
        foreach (string module in DangerousModules)
        {
            if (global.Module == module || global.Module.StartsWith(module + ".", StringComparison.Ordinal))
            {
                return $"the module '{module}' has no place in a checkpoint";
            }
        }

        // STACK_GLOBAL follows dots, so that "torch" + "serialization.os.system" reaches the system from a harmless module.
        foreach (string part in global.Name.Split('.')[..^1])
        {
            if (part.Length == 0 || part.StartsWith('_') || !char.IsUpper(part[0])) return "its name reaches through another module";
        }
        return null;
    }

    /// <summary>Says why calling a name is refused, or null when the call just makes an instance of a class.</summary>
    public static string? WhyNotCallable(PickleGlobal global)
    {
        if (WhyDangerous(global) is { } reason) return reason;
        if (global.Module is "builtins" or "__builtin__" or "__builtins__") return null;
        return LooksLikeAClass(global) || HarmlessFunctions.Contains(global.ToString())
            ? null
            : "it is a function, and only classes may be described by a checkpoint";
    }

    private static bool LooksLikeAClass(PickleGlobal global)
    {
        string name = global.ClassName.TrimStart('_');

        // The reference names classes of one release after it: v10Detect, v8DetectionLoss.
        if (name.StartsWith('v') && name.Length > 1 && char.IsAsciiDigit(name[1])) name = name[1..].TrimStart("0123456789".ToCharArray());
        return name.Length > 0 && char.IsUpper(name[0]);
    }
}
