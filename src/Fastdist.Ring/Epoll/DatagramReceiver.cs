using System;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>
/// The headers and buffers of one recvmmsg call. Invariant: slot i's header points at slot i's
/// address, control and payload memory, which lives as long as this object.
/// </summary>
internal sealed unsafe class DatagramReceiver : IDisposable
{
    public const int Batch = 64;

    private readonly MultiMessageHeader* _headers;
    private readonly IoVector* _vectors;
    private readonly SocketAddress* _peers;
    private readonly byte* _controls;
    private readonly byte* _payloads;
    private readonly int _payloadSize;

    /// <summary>Of the first so many the kernel has overwritten the lengths with what it used.</summary>
    private int _used = Batch;

    public DatagramReceiver(int payloadSize)
    {
        _payloadSize = payloadSize;
        _headers = (MultiMessageHeader*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(MultiMessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(IoVector));
        _peers = (SocketAddress*)NativeMemory.AllocZeroed(Batch, SocketAddress.Capacity);
        _controls = (byte*)NativeMemory.AllocZeroed(Batch, PacketInfo.Capacity);
        _payloads = (byte*)NativeMemory.AllocZeroed(Batch, (nuint)payloadSize);
        for (int i = 0; i < Batch; i++)
        {
            _vectors[i] = new IoVector { Base = _payloads + (i * payloadSize), Length = (nuint)payloadSize };
            ref MessageHeader header = ref _headers[i].Header;
            header.Name = &_peers[i];
            header.Vectors = &_vectors[i];
            header.VectorCount = 1;
            header.Control = _controls + (i * PacketInfo.Capacity);
        }
    }

    /// <summary>Receives what is there, at most <paramref name="limit"/> datagrams.</summary>
    /// <returns>How many; negative when none or on an error.</returns>
    public int Receive(int descriptor, int limit)
    {
        for (int i = 0; i < _used; i++)
        {
            _headers[i].Header.NameLength = SocketAddress.Capacity;
            _headers[i].Header.ControlLength = PacketInfo.Capacity;
        }

        int count = Libc.ReceiveMessages(descriptor, _headers, (uint)Math.Min(limit, Batch), Libc.MSG_DONTWAIT, null);
        _used = Math.Max(count, 0);
        return count;
    }

    /// <summary>One datagram of the last call.</summary>
    public ReadOnlySpan<byte> Read(int slot, ref DatagramRoute route, out bool truncated)
    {
        ref MessageHeader header = ref _headers[slot].Header;
        route.Peer = _peers[slot];
        PacketInfo.Read((byte*)header.Control, header.ControlLength, ref route);
        return Read(slot, out truncated);
    }

    /// <summary>One datagram of the last call, on a socket that has only one peer.</summary>
    public ReadOnlySpan<byte> Read(int slot, out bool truncated)
    {
        truncated = (_headers[slot].Header.Flags & Libc.MSG_TRUNC) != 0;
        return new ReadOnlySpan<byte>(_payloads + (slot * _payloadSize), (int)Math.Min(_headers[slot].Length, (uint)_payloadSize));
    }

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_peers);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_payloads);
    }
}
