using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Fastdist.Control.Consoles.Editing;
using Fastdist.Control.Consoles.Interop;
using Microsoft.Win32.SafeHandles;

namespace Fastdist.Control.Consoles;

/// <summary>Lines typed at a terminal, with editing. The terminal is only raw while a line is being typed, so that Control-C ends a command.</summary>
/// <param name="output">The terminal's other side.</param>
/// <param name="history">Lines to go back to.</param>
/// <param name="names">Completes these.</param>
internal sealed class Terminal(TextWriter output, History history, IReadOnlyList<KnownName> names) : IDisposable
{
    private const int StandardInput = 0;

    // Console.In would edit lines by itself.
    private readonly FileStream _input = new(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
    private readonly KeyDecoder _keys = new();
    private readonly byte[] _buffer = new byte[256];
    private int _read;
    private int _count;
    private string _killed = "";

    /// <summary>Reads a line.</summary>
    /// <returns>Null when there is no further one.</returns>
    public string? ReadLine(string prompt)
    {
        if (!Termios.TryMakeRaw(out Termios.Settings before))
        {
            return null;
        }

        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Termios.Restore(before));
        try
        {
            return Edit(prompt);
        }
        finally
        {
            Termios.Restore(before);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Dispose();

    private string? Edit(string prompt)
    {
        var editor = new LineEditor(history, _killed);
        while (true)
        {
            Write(Screen.Draw(prompt, editor.Text, editor.Cursor, Termios.Columns));
            if (ReadByte() is not { } value)
            {
                return null;
            }

            switch (editor.Press(_keys.Next(value)))
            {
                case EditResult.Accepted:
                    _killed = editor.Killed;
                    Write("\r\n");
                    return editor.Text;
                case EditResult.Cancelled:
                    Write("^C\r\n");
                    editor = new LineEditor(history, editor.Killed);
                    break;
                case EditResult.Ended:
                    Write("\r\n");
                    return null;
                case EditResult.Clearing:
                    Write(Screen.Clear);
                    break;
                case EditResult.Completing when Completion.Complete(editor, names) is { Count: > 0 } candidates:
                    Write("\r\n" + Screen.Columns(candidates, Termios.Columns));
                    break;
            }
        }
    }

    private byte? ReadByte()
    {
        if (_read == _count)
        {
            (_read, _count) = (0, _input.Read(_buffer));
        }

        return _count > 0 ? _buffer[_read++] : null;
    }

    private void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }
}
