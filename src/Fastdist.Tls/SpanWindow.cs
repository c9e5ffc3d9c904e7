using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.OpenSslSessions;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls;

/// <summary>
/// What a library reads from and writes into during one call. Invariant: <c>Input</c> and <c>Output</c>
/// point into spans pinned by the call that set them and are null outside of it; what the library writes
/// when no window is open or the window is full goes to <c>Spill</c>, owned by the session.
/// </summary>
internal unsafe struct SpanWindow
{
    public byte* Input;
    public int InputLength;
    public byte* Output;
    public int OutputLength;
    public int OutputUsed;
    public byte* Spill;
    public int SpillLength;
    public int SpillCapacity;

    /// <summary>The first bytes that ever came, as many as <see cref="FirstLength"/> says.</summary>
    public FirstBytes First;
    public int FirstLength;

    /// <summary>What became of the ticket offered, as far as the ticket callbacks saw it.</summary>
    public TicketUse Ticket;

    /// <summary>The end of the session that an outgoing one offered to resume.</summary>
    public SessionEnd Offered;

    /// <summary>The end of sessions that come of an outgoing one, once its handshake tells.</summary>
    public SessionEnd Gained;

    /// <summary>X509_V_ERR_* of the first certificate that failed, 0 when none did.</summary>
    public int VerifyError;

    /// <summary>Whose certificate that was; null when none failed. Owned by the session.</summary>
    public RefusedCertificate* Refused;

    /// <summary>Frees a window and what it owns.</summary>
    public static void Free(SpanWindow* window)
    {
        NativeMemory.Free(window->Spill);
        NativeMemory.Free(window->Refused);
        NativeMemory.Free(window);
    }

    /// <summary>Opens it on spans that stay pinned until <see cref="Shut"/>.</summary>
    /// <param name="input">What to read.</param>
    /// <param name="inputLength">Bytes of it.</param>
    /// <param name="output">Where to write.</param>
    /// <param name="outputLength">Bytes of room there.</param>
    /// <param name="outputUsed">Bytes of the room taken already.</param>
    public void Open(byte* input, int inputLength, byte* output, int outputLength, int outputUsed)
    {
        Input = input;
        InputLength = inputLength;
        Output = output;
        OutputLength = outputLength;
        OutputUsed = outputUsed;
    }

    /// <summary>Closes it; the spans may move again.</summary>
    /// <param name="given">Bytes of input it was opened on.</param>
    /// <param name="consumed">Bytes of them that were read.</param>
    /// <param name="written">Bytes of the output that are filled.</param>
    public void Shut(int given, out int consumed, out int written)
    {
        consumed = given - InputLength;
        written = OutputUsed;
        Open(null, 0, null, 0, 0);
    }

    /// <summary>Reads input.</summary>
    /// <returns>Bytes read; 0 when there are none.</returns>
    public int Read(byte* destination, int length)
    {
        int count = Math.Min(length, InputLength);
        if (FirstLength < sizeof(FirstBytes))
        {
            NoteFirst(new ReadOnlySpan<byte>(Input, count));
        }

        Buffer.MemoryCopy(Input, destination, length, count);
        Input += count;
        InputLength -= count;
        return count;
    }

    /// <summary>Writes all of the bytes, to the output while it has room and nothing waits before them.</summary>
    public void Write(byte* source, int length)
    {
        int room = SpillLength == 0 ? OutputLength - OutputUsed : 0;
        int count = Math.Min(length, room);
        Buffer.MemoryCopy(source, Output + OutputUsed, room, count);
        OutputUsed += count;
        if (count < length)
        {
            Keep(source + count, length - count);
        }
    }

    /// <summary>Moves what waits in the spill into a span.</summary>
    /// <returns>Bytes moved.</returns>
    public int Flush(Span<byte> destination)
    {
        if (SpillLength == 0)
        {
            return 0;
        }

        int count = Math.Min(SpillLength, destination.Length);
        var spill = new Span<byte>(Spill, SpillLength);
        spill[..count].CopyTo(destination);
        spill[count..].CopyTo(spill);
        SpillLength -= count;
        return count;
    }

    /// <summary>Frees the spill when nothing waits in it.</summary>
    public void FreeSpill()
    {
        if (SpillLength == 0)
        {
            NativeMemory.Free(Spill);
            Spill = null;
            SpillCapacity = 0;
        }
    }

    private void NoteFirst(ReadOnlySpan<byte> input)
    {
        Span<byte> room = ((Span<byte>)First)[FirstLength..];
        int count = Math.Min(room.Length, input.Length);
        input[..count].CopyTo(room);
        FirstLength += count;
    }

    private void Keep(byte* source, int length)
    {
        int needed = SpillLength + length;
        if (needed > SpillCapacity)
        {
            SpillCapacity = Math.Max(needed, 4096);
            Spill = (byte*)NativeMemory.Realloc(Spill, (nuint)SpillCapacity);
        }

        Buffer.MemoryCopy(source, Spill + SpillLength, SpillCapacity - SpillLength, length);
        SpillLength = needed;
    }
}

/// <summary>Enough of what a peer sends first to tell a mistaken protocol from garbage.</summary>
[InlineArray(8)]
internal struct FirstBytes
{
    private byte _first;
}
