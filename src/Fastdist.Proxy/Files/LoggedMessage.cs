using System;
using System.Runtime.InteropServices;
using Fastdist.Ring;

namespace Fastdist.Proxy.Files;

/// <summary>What becomes of a message that was noted.</summary>
[Flags]
internal enum NoteForm : byte
{
    /// <summary>A line about a query.</summary>
    None = 0,

    /// <summary>The bytes that dnsdist writes, and no line.</summary>
    IsBinary = 1,

    /// <summary>It begins with the time.</summary>
    HasTime = 2,

    /// <summary>It is about an answer.</summary>
    IsAnswer = 4,
}

/// <summary>What a shard notes of a message, besides its name: all that a line about it is made of later.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LoggedMessage
{
    /// <summary>Who asks.</summary>
    public SocketAddress Client;

    /// <summary>When, ticks of UTC.</summary>
    public long Time;

    /// <summary>The message's ID.</summary>
    public ushort Id;

    /// <summary>The type that is asked for.</summary>
    public ushort Type;

    /// <summary>Bytes of the name, 1 to 255.</summary>
    public byte NameLength;

    /// <summary>The four bits of the header.</summary>
    public byte Rcode;

    /// <summary>What becomes of it.</summary>
    public NoteForm Form;
}
