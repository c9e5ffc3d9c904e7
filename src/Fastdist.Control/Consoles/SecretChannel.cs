using System;
using System.Buffers.Binary;
using System.Diagnostics;
using Fastdist.Control.Secrets;
using Fastdist.Control.Secrets.Interop;

namespace Fastdist.Control.Consoles;

/// <summary>
/// One end of an encrypted console connection, as bytes in and bytes out: dnsdist's protocol in its libsodium form.
/// Both ends send a random nonce; each direction's own nonce is the first half of the receiver's and the second
/// half of the sender's, and counts the messages in its first four bytes, big-endian.
/// </summary>
internal sealed class SecretChannel
{
    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = Sodium.NonceSize;

    /// <summary>Bytes by which a sealed message is longer.</summary>
    public const int Overhead = Sodium.TagSize;

    private const int CounterSize = sizeof(uint);

    private readonly SharedKey _key;
    private readonly byte[] _own = new byte[NonceSize];
    private readonly byte[] _reading = new byte[NonceSize];
    private readonly byte[] _writing = new byte[NonceSize];
    private bool _isOpen;

    public SecretChannel(SharedKey key)
    {
        _key = key;
        Sodium.Random(_own);
    }

    internal SecretChannel(SharedKey key, ReadOnlySpan<byte> ownNonce)
    {
        _key = key;
        ownNonce.CopyTo(_own);
    }

    /// <summary>What to send the other end before anything else.</summary>
    public ReadOnlyMemory<byte> OwnNonce => _own;

    /// <summary>Begins, once the other end's nonce is here.</summary>
    /// <returns>
    /// False when it is ours but for the counter: both directions would have the same nonces, and what we sealed would
    /// open as the other end's, whether it has the key or not.
    /// </returns>
    public bool Open(ReadOnlySpan<byte> theirNonce)
    {
        if (theirNonce[CounterSize..].SequenceEqual(_own.AsSpan(CounterSize)))
        {
            return false;
        }

        Merge(_own, theirNonce, _reading);
        Merge(theirNonce, _own, _writing);
        _isOpen = true;
        return true;
    }

    /// <summary>Seals the next message to the other end.</summary>
    public byte[] Seal(ReadOnlySpan<byte> message)
    {
        Debug.Assert(_isOpen, "the other end's nonce is not here yet");
        byte[] box = new byte[message.Length + Overhead];
        Sodium.Seal(message, _writing, _key.Bytes, box);
        Increment(_writing);
        return box;
    }

    /// <summary>Opens the next message from the other end.</summary>
    /// <returns>False when it was not sealed with our key as the next message; then nothing that follows can be opened.</returns>
    public bool TryOpen(ReadOnlySpan<byte> box, out byte[] message)
    {
        Debug.Assert(_isOpen, "the other end's nonce is not here yet");
        message = new byte[Math.Max(box.Length - Overhead, 0)];
        if (!Sodium.TryOpen(box, _reading, _key.Bytes, message))
        {
            return false;
        }

        Increment(_reading);
        return true;
    }

    /// <summary>The first half of one nonce and the second half of another.</summary>
    internal static void Merge(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> result)
    {
        const int Half = NonceSize / 2;
        first[..Half].CopyTo(result);
        second[Half..NonceSize].CopyTo(result[Half..]);
    }

    /// <summary>The nonce of the message after; it would come again after 2^32 messages.</summary>
    internal static void Increment(Span<byte> nonce) =>
        BinaryPrimitives.WriteUInt32BigEndian(nonce, BinaryPrimitives.ReadUInt32BigEndian(nonce) + 1);
}
