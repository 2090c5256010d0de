using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>A web server on the loopback address for one test; it answers what the test says and remembers what it was asked.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<HttpCall, HttpAnswer> answer;
    private readonly List<HttpCall> calls = [];

    public FileServer(Func<HttpCall, HttpAnswer> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The requests so far, in their order.</summary>
    public IReadOnlyList<HttpCall> Calls
    {
        get
        {
            lock (calls) return [.. calls];
        }
    }

    /// <summary>Set as soon as part of an answer with <see cref="HttpAnswer.Hold"/> is on its way.</summary>
    public ManualResetEventSlim Holding { get; } = new();

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => Serve(client));
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                using NetworkStream stream = client.GetStream();
                HttpCall call = Read(stream);
                lock (calls) calls.Add(call);
                Write(stream, answer(call));
            }
            catch (IOException)
            {
                // The client went away, which some tests want.
            }
        }
    }

    private static HttpCall Read(NetworkStream stream)
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0) throw new IOException("The client closed the connection.");
            head.Append((char)next);
        }
        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new(lines[0].Split(' ')[1], lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase));
    }

    private void Write(NetworkStream stream, HttpAnswer answer)
    {
        StringBuilder head = new($"HTTP/1.1 {answer.Status}\r\nConnection: close\r\n");
        if (answer.ClaimedLength is not < 0) head.Append($"Content-Length: {answer.ClaimedLength ?? answer.Body.Length}\r\n");
        foreach (string field in answer.Headers) head.Append($"{field}\r\n");
        stream.Write(Encoding.Latin1.GetBytes($"{head}\r\n"));
        stream.Write(answer.Body.AsSpan(0, answer.SentBytes ?? answer.Body.Length));
        stream.Flush();
        if (answer.Hold is null) return;
        Holding.Set();
        answer.Hold.WaitOne(TimeSpan.FromSeconds(60));
    }
}
