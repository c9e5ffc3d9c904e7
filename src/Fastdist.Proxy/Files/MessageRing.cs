using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Fastdist.Proxy.Files;

/// <summary>
/// Noted messages between the shard that notes them and the thread that writes them: memory of one size, into which each side goes on by itself, so that there is
/// neither a lock nor an allocation.
/// Invariant: what lies between head and tail is whole entries, each beginning at a multiple of 8 with its size; a size of 0 says that the next one is at the
/// beginning of the memory. Only the shard moves the tail, only the writer the head.
/// </summary>
internal sealed class MessageRing
{
    /// <summary>Bytes of an entry besides the name: its size, and what is known of the message.</summary>
    private static readonly int s_fixed = sizeof(int) + Unsafe.SizeOf<LoggedMessage>();

    private readonly byte[] _memory;
    private long _head;
    private long _tail;
    private long _dropped;

    /// <param name="size">Bytes, a power of two.</param>
    public MessageRing(int size) => _memory = new byte[size];

    /// <summary>Messages that there was no room for.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether there is none to be written.</summary>
    public bool IsEmpty => Volatile.Read(ref _tail) == Volatile.Read(ref _head);

    /// <summary>Where the last one ends that is there now.</summary>
    public long End => Volatile.Read(ref _tail);

    /// <summary>Notes a message; of the shard's thread only.</summary>
    /// <returns>False when there is no room for it.</returns>
    public bool TryAdd(ref LoggedMessage message, ReadOnlySpan<byte> name)
    {
        message.NameLength = (byte)name.Length;
        int size = (s_fixed + name.Length + 7) & ~7;
        int place = (int)(_tail & (_memory.Length - 1));
        int skipped = _memory.Length - place < size ? _memory.Length - place : 0;
        if (_tail - Volatile.Read(ref _head) + skipped + size > _memory.Length)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return false;
        }

        if (skipped > 0)
        {
            MemoryMarshal.Write(_memory.AsSpan(place), 0);
            place = 0;
        }

        Span<byte> entry = _memory.AsSpan(place, size);
        MemoryMarshal.Write(entry, in size);
        MemoryMarshal.Write(entry[sizeof(int)..], in message);
        name.CopyTo(entry[s_fixed..]);
        Volatile.Write(ref _tail, _tail + skipped + size);
        return true;
    }

    /// <summary>Takes the next message; of the writer's thread only.</summary>
    /// <param name="end">Those behind this are left for later.</param>
    /// <param name="message">The message.</param>
    /// <param name="name">Its name, good until the next one is taken.</param>
    public bool TryTake(long end, out LoggedMessage message, Span<byte> name)
    {
        message = default;
        if (_head >= end)
        {
            return false;
        }

        int place = (int)(_head & (_memory.Length - 1));
        int size = MemoryMarshal.Read<int>(_memory.AsSpan(place));
        int skipped = size == 0 ? _memory.Length - place : 0;
        ReadOnlySpan<byte> entry = _memory.AsSpan(size == 0 ? 0 : place);
        size = MemoryMarshal.Read<int>(entry);
        message = MemoryMarshal.Read<LoggedMessage>(entry[sizeof(int)..]);
        entry.Slice(s_fixed, message.NameLength).CopyTo(name);
        Volatile.Write(ref _head, _head + skipped + size);
        return true;
    }
}
