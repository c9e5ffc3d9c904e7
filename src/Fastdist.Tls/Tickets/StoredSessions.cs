using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// Sessions that the server remembers for clients without tickets (RFC 5246 section 7.3), one store for all shards.
/// Bounded by count; the oldest and the expired go first. One lock, taken in handshakes only. It has no clock: what
/// is newly stored tells the time.
/// </summary>
public sealed class StoredSessions
{
    private readonly Dictionary<SessionId, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = new();
    private readonly Lock _lock = new();

    /// <param name="capacity">Most sessions remembered, 1 or more; each takes some hundred bytes.</param>
    public StoredSessions(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
    }

    /// <summary>Most sessions remembered.</summary>
    public int Capacity { get; }

    /// <summary>Sessions remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Remembers a session.</summary>
    /// <param name="id">Its ID, at most 32 bytes.</param>
    /// <param name="state">It in the library's own form; owned by the store from now on.</param>
    /// <param name="made">When it was made, Unix seconds.</param>
    /// <param name="lifetime">For how long it may be resumed, seconds.</param>
    internal void Add(ReadOnlySpan<byte> id, byte[] state, long made, long lifetime)
    {
        var entry = new Entry(new SessionId(id), state, made + lifetime);
        lock (_lock)
        {
            Drop(entry.Id);
            while (_byAge.First is { } oldest && (_entries.Count >= Capacity || oldest.Value.Expiry < made))
            {
                Drop(oldest.Value.Id);
            }

            _entries.Add(entry.Id, _byAge.AddLast(entry));
        }
    }

    /// <summary>Copies a session's state into a buffer, where no other thread can drop it.</summary>
    /// <returns>False when it is not remembered, or too long for the buffer.</returns>
    internal bool TryGet(ReadOnlySpan<byte> id, Span<byte> buffer, out int length)
    {
        var key = new SessionId(id);
        lock (_lock)
        {
            byte[] state = _entries.TryGetValue(key, out LinkedListNode<Entry>? found) ? found.Value.State : [];
            length = state.Length;
            return length > 0 && state.AsSpan().TryCopyTo(buffer);
        }
    }

    /// <summary>Forgets a session, when it is there.</summary>
    internal void Remove(ReadOnlySpan<byte> id)
    {
        var key = new SessionId(id);
        lock (_lock)
        {
            Drop(key);
        }
    }

    private void Drop(SessionId id)
    {
        if (_entries.Remove(id, out LinkedListNode<Entry>? node))
        {
            CryptographicOperations.ZeroMemory(node.Value.State);
            _byAge.Remove(node);
        }
    }

    private readonly record struct Entry(SessionId Id, byte[] State, long Expiry);

    /// <summary>A session ID filled up with zeros; the library makes all of them 32 bytes long.</summary>
    private readonly struct SessionId : IEquatable<SessionId>
    {
        private readonly Int128 _first, _second;

        public SessionId(ReadOnlySpan<byte> id)
        {
            Span<byte> padded = stackalloc byte[32];
            padded.Clear();
            id[..Math.Min(id.Length, padded.Length)].CopyTo(padded);
            _first = BinaryPrimitives.ReadInt128LittleEndian(padded);
            _second = BinaryPrimitives.ReadInt128LittleEndian(padded[16..]);
        }

        public bool Equals(SessionId other) => _first == other._first && _second == other._second;

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is SessionId other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_first, _second);
    }
}
