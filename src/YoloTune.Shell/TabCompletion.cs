using System.Management.Automation;

namespace YoloTune.Shell;

/// <summary>Tab goes through what the engine offers at the cursor, Shift+Tab goes back; any other key takes what is shown.</summary>
internal sealed class TabCompletion(Func<string, int, CommandCompletion> complete)
{
    private CommandCompletion? offer;
    private string text = "";

    public void Next(LineBuffer buffer, bool forward)
    {
        if (offer is null)
        {
            text = buffer.Text;
            offer = complete(text, buffer.Cursor);
        }
        CompletionResult? result = offer.CompletionMatches.Count == 0 ? null : offer.GetNextResult(forward);
        if (result is null) return;
        string start = text[..offer.ReplacementIndex];
        string end = text[(offer.ReplacementIndex + offer.ReplacementLength)..];
        buffer.Set(start + result.CompletionText + end, start.Length + result.CompletionText.Length);
    }

    /// <summary>Takes what is shown.</summary>
    public void Accept() => offer = null;
}
