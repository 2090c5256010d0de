namespace YoloTune.Shell;

/// <summary>Reads a line key by key: cursor keys, history, tab completion, and the Ctrl keys that shells share.</summary>
internal sealed class LineEditor(Terminal terminal, LineHistory? history = null, TabCompletion? completion = null)
{
    private readonly LineBuffer buffer = new();

    public LineResult Read(string prompt)
    {
        LineView view = new(terminal, prompt);
        history?.Rewind();
        buffer.Set("");
        bool previous = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                // Pasted text comes as many keys: it is drawn once.
                if (!Console.KeyAvailable) view.Draw(buffer.Text, buffer.Cursor);
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key != ConsoleKey.Tab) completion?.Accept();
                if (Finish(key) is { } outcome)
                {
                    view.End(buffer.Text);
                    return new(outcome, buffer.Text);
                }
                if (IsControl(key, ConsoleKey.L)) view.ClearScreen();
                else Edit(key);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = previous;
        }
    }

    private LineOutcome? Finish(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n') return LineOutcome.Entered;
        if (IsControl(key, ConsoleKey.C)) return LineOutcome.Cancelled;
        return IsControl(key, ConsoleKey.D) && buffer.Text.Length == 0 ? LineOutcome.EndOfInput : null;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when control: buffer.WordLeft(); break;
            case ConsoleKey.LeftArrow: buffer.Left(); break;
            case ConsoleKey.RightArrow when control: buffer.WordRight(); break;
            case ConsoleKey.RightArrow: buffer.Right(); break;
            case ConsoleKey.Home: buffer.MoveTo(0); break;
            case ConsoleKey.End: buffer.MoveTo(buffer.Text.Length); break;
            case ConsoleKey.Backspace when control: buffer.CutWordLeft(); break;
            case ConsoleKey.Backspace: buffer.Backspace(); break;
            case ConsoleKey.Delete: buffer.Delete(); break;
            case ConsoleKey.Escape: buffer.Set(""); break;
            case ConsoleKey.UpArrow: Show(history?.Previous(buffer.Text)); break;
            case ConsoleKey.DownArrow: Show(history?.Next()); break;
            case ConsoleKey.Tab: completion?.Next(buffer, !key.Modifiers.HasFlag(ConsoleModifiers.Shift)); break;
            case ConsoleKey.A when control: buffer.MoveTo(0); break;
            case ConsoleKey.E when control: buffer.MoveTo(buffer.Text.Length); break;
            case ConsoleKey.B when control: buffer.Left(); break;
            case ConsoleKey.F when control: buffer.Right(); break;
            case ConsoleKey.P when control: Show(history?.Previous(buffer.Text)); break;
            case ConsoleKey.N when control: Show(history?.Next()); break;
            case ConsoleKey.D when control: buffer.Delete(); break;
            case ConsoleKey.H when control: buffer.Backspace(); break;
            case ConsoleKey.K when control: buffer.CutToEnd(); break;
            case ConsoleKey.U when control: buffer.CutToStart(); break;
            case ConsoleKey.W when control: buffer.CutWordLeft(); break;
            default:
                if (!char.IsControl(key.KeyChar)) buffer.Insert(key.KeyChar.ToString());
                break;
        }
    }

    private void Show(string? line)
    {
        if (line is not null) buffer.Set(line);
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) =>
        key.Key == letter && key.Modifiers.HasFlag(ConsoleModifiers.Control) && !key.Modifiers.HasFlag(ConsoleModifiers.Alt);
}
