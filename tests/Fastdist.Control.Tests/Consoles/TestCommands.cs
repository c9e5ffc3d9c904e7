using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Dialogue;

namespace Fastdist.Control.Tests.Consoles;

/// <summary>Commands that show what the console does with them.</summary>
internal sealed class TestCommands : IConsoleCommands
{
    private int _inside;

    /// <summary>Was a command ever executed while another one was?</summary>
    public bool HaveMet { get; private set; }

    /// <summary>Happens while a command is executed.</summary>
    public Action OnExecute { get; set; } = () => { };

    /// <summary>What that began.</summary>
    public Task? Stopping { get; set; }

    /// <summary>The replies: <c>big N</c> is N letters, <c>say TEXT</c> is the text, anything else comes back in brackets.</summary>
    public string Execute(string line)
    {
        HaveMet |= Interlocked.Increment(ref _inside) > 1;
        try
        {
            Thread.Yield();
            OnExecute();
            return line switch
            {
                "" => "",
                _ when line.StartsWith("big ", StringComparison.Ordinal) => new string('x', int.Parse(line[4..], CultureInfo.InvariantCulture)),
                _ when line.StartsWith("say ", StringComparison.Ordinal) => $"{line[4..]}\n",
                _ => $"[{line}]\n",
            };
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
