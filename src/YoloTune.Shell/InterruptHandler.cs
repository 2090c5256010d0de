namespace YoloTune.Shell;

/// <summary>Ctrl+C stops the running pipeline and leaves the shell itself alive, so that a cmdlet can finish its batch and save.</summary>
internal sealed class InterruptHandler : IDisposable
{
    private readonly ShellSession session;

    public InterruptHandler(ShellSession session)
    {
        this.session = session;
        Console.CancelKeyPress += OnCancel;
    }

    public void Dispose() => Console.CancelKeyPress -= OnCancel;

    private void OnCancel(object? sender, ConsoleCancelEventArgs e)
    {
        if (e.SpecialKey != ConsoleSpecialKey.ControlC) return;
        e.Cancel = true;
        session.Stop();
    }
}
