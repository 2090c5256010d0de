using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Specs;

/// <summary>A PowerShell that runs spec files one after the other (Worker.ps1).</summary>
internal sealed class SpecWorker : IDisposable
{
    /// <summary>For one file; the longest takes two or three minutes where nothing else runs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly Process process;
    private readonly NamedPipeServerStream pipe;
    private readonly StreamReader reader;
    private readonly StreamWriter writer;
    private readonly StringBuilder said = new();
    private bool isConnected;

    public SpecWorker()
    {
        string name = $"yolotune-{Guid.NewGuid():N}"[..24];
        pipe = new(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        reader = new(pipe);
        writer = new(pipe);
        string script = Path.Combine(Repository.Root, "tests", "YoloTune.Specs", "Worker.ps1");
        ProcessStartInfo start = Pwsh.Start("-File", script, "-Pester", Pwsh.Metadata("Pester"), "-PipeName", name);
        // Other tests run at the same time, and libtorch's threads wait for their like by spinning.
        start.Environment.TryAdd("OMP_NUM_THREADS", "1");
        process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Whether the process is gone and no more files can be run.</summary>
    public bool HasExited { get; private set; }

    /// <summary>Runs one file; a process that breaks off or hangs is a problem of the file.</summary>
    public async Task<FileResult> RunAsync(string path)
    {
        lock (said) said.Clear();
        using CancellationTokenSource late = new(Limit);
        try
        {
            string? answer = await AskAsync(path, late.Token);
            if (answer is not null) return JsonSerializer.Deserialize<FileResult>(answer)!;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        catch (IOException)
        {
            // The process is gone; what it left says more.
        }
        HasExited = true;
        await process.WaitForExitAsync(CancellationToken.None);
        string reason = late.IsCancellationRequested
            ? $"did not end within {Limit.TotalMinutes} minutes"
            : $"ended with status {process.ExitCode}";
        lock (said) return new([$"The PowerShell that ran this file {reason}. It said:\n{said}"], []);
    }

    public void Dispose()
    {
        // A process that never came has no pipe to be written to; the writer would throw and end the run of all specs.
        if (isConnected) writer.Dispose();
        else pipe.Dispose();
        if (!process.WaitForExit(TimeSpan.FromSeconds(20))) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private async Task<string?> AskAsync(string path, CancellationToken token)
    {
        if (!isConnected)
        {
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task connected = pipe.WaitForConnectionAsync(gone.Token), exited = process.WaitForExitAsync(token);
            if (await Task.WhenAny(connected, exited) == exited)
            {
                await gone.CancelAsync();
                return null;
            }
            await connected;
            isConnected = true;
        }
        await writer.WriteLineAsync(path.AsMemory(), token);
        await writer.FlushAsync(token);
        return await reader.ReadLineAsync(token);
    }

    private void Keep(string? line)
    {
        lock (said) said.AppendLine(line);
    }
}
