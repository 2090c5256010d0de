using System.Runtime.InteropServices;
using Xunit;
using YoloTune.Devices;

namespace YoloTune.Tests.Faults;

public sealed class NativeSettingsTests
{
    [Fact]
    public void Native_code_sees_what_is_set_before_it_is_loaded()
    {
        NativeEnvironment.Prepare();
        // Ctrl+C belongs to PowerShell: Intel's runtime inside libtorch for Windows would end the process.
        if (OperatingSystem.IsWindows()) Assert.Equal("1", NativeEnvironment.Get("FOR_DISABLE_CONSOLE_CTRL_HANDLER"));
        if (!ProcessorFeatures.ReportsCaches) Assert.NotNull(NativeEnvironment.Get("ONEDNN_MAX_CPU_ISA"));
        NativeEnvironment.Set("YOLOTUNE_TEST_NATIVE_VALUE", "seen");
        Assert.Equal("seen", NativeEnvironment.Get("YOLOTUNE_TEST_NATIVE_VALUE"));
    }

    [Fact]
    public void Libtorch_obeys_the_level_of_its_messages()
    {
        // The number of each level that libtorch compares a message's own with; a warning has 1.
        Dictionary<string, int> levels = new() { ["INFO"] = 0, ["WARNING"] = 1, ["ERROR"] = 2, ["FATAL"] = 3 };
        NativeLibraries.Load();
        string name = OperatingSystem.IsWindows() ? "?FLAGS_caffe2_log_level@@3HA" : "FLAGS_caffe2_log_level";
        nint library = NativeLibrary.Load(Path.Combine(NativeLibraries.Folder, NativeLibraries.FileName("c10")));
        int level = Marshal.ReadInt32(NativeLibrary.GetExport(library, name));
        string wanted = NativeEnvironment.Get("TORCH_CPP_LOG_LEVEL")!;
        Assert.Equal(levels.GetValueOrDefault(wanted, level), level);
    }

    [Fact]
    public void What_the_user_has_set_stays()
    {
        const string Name = "YOLOTUNE_TEST_NATIVE_SETTING";
        Environment.SetEnvironmentVariable(Name, "user");
        try
        {
            NativeEnvironment.Set(Name, "ours");
            Assert.Equal("user", NativeEnvironment.Get(Name));
            Assert.Equal("user", Environment.GetEnvironmentVariable(Name));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Theory]
    [InlineData("msvcp140.dll")]
    [InlineData("vcruntime140_1.dll")]
    public void A_missing_Visual_C_runtime_is_named_with_the_place_to_get_it(string missing)
    {
        string message =
            NativeLibraries.Explain(@"C:\m\LibTorchSharp.dll", "The specified module could not be found.", windows: true, name =>
                name != missing);
        Assert.Contains("Microsoft Visual C++ runtime", message, StringComparison.Ordinal);
        Assert.Contains(missing, message, StringComparison.Ordinal);
        Assert.Contains("https://aka.ms/vs/17/release/vc_redist.x64.exe", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_does_not_load_for_another_reason_is_reported_with_the_reason()
    {
        string message =
            NativeLibraries.Explain("/m/libLibTorchSharp.so", "libgomp.so: cannot open shared object file", windows: false, _ => true);
        Assert.Contains("'/m/libLibTorchSharp.so'", message, StringComparison.Ordinal);
        Assert.Contains("libgomp.so: cannot open shared object file", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Visual", message, StringComparison.Ordinal);
    }
}
