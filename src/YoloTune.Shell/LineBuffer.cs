using System.Globalization;

namespace YoloTune.Shell;

/// <summary>The line being edited and the cursor in it, which never stands inside a character that the user sees as one.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>Index into <see cref="Text"/>, 0 to its length.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => Set(text, text.Length);

    public void Set(string text, int cursor)
    {
        Text = text;
        Cursor = Math.Clamp(cursor, 0, text.Length);
    }

    public void Insert(string text) => Set(Text.Insert(Cursor, text), Cursor + text.Length);

    public void MoveTo(int index) => Cursor = Math.Clamp(index, 0, Text.Length);

    public void Left() => Cursor = Before();

    public void Right() => Cursor = After();

    public void WordLeft() => Cursor = WordStart();

    public void WordRight()
    {
        int at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at])) at++;
        while (at < Text.Length && !char.IsWhiteSpace(Text[at])) at++;
        Cursor = at;
    }

    public void Backspace() => Cut(Before(), Cursor);

    public void Delete() => Cut(Cursor, After());

    public void CutWordLeft() => Cut(WordStart(), Cursor);

    public void CutToStart() => Cut(0, Cursor);

    public void CutToEnd() => Cut(Cursor, Text.Length);

    private void Cut(int start, int end) => Set(Text.Remove(start, end - start), start);

    private int After() => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int Before()
    {
        int previous = 0;
        for (int at = 0; at < Cursor; at += StringInfo.GetNextTextElementLength(Text, at)) previous = at;
        return previous;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1])) at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1])) at--;
        return at;
    }
}
