using System;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// Datagrams waiting for the next system call, each with the message header that sends it.
/// Invariant: slots [0, Count) are filled and their memory does not move; the ring calls
/// <see cref="Clear"/> only after the kernel has taken or refused all of them.
/// </summary>
internal sealed unsafe class DatagramSends : IDisposable
{
    private const int ControlCapacity = 64;

    private readonly MultiMessageHeader* _headers;
    private readonly IoVector* _vectors;
    private readonly SocketAddress* _peers;
    private readonly int* _sockets;
    private readonly int* _peerSockets;
    private readonly byte* _controls;
    private readonly byte* _payloads;
    private readonly int _capacity;
    private readonly int _payloadCapacity;

    public DatagramSends(int capacity, int payloadCapacity)
    {
        _capacity = capacity;
        _payloadCapacity = (payloadCapacity + 63) & ~63;
        _headers = Allocate<MultiMessageHeader>(capacity);
        _vectors = Allocate<IoVector>(capacity);
        _peers = Allocate<SocketAddress>(capacity);
        _sockets = Allocate<int>(capacity);
        _peerSockets = Allocate<int>(capacity);
        _controls = Allocate<byte>(capacity * ControlCapacity);
        _payloads = Allocate<byte>(capacity * _payloadCapacity);
        for (int slot = 0; slot < capacity; slot++)
        {
            _vectors[slot].Base = _payloads + (slot * _payloadCapacity);
            ref MessageHeader header = ref _headers[slot].Header;
            header.Name = &_peers[slot];
            header.Vectors = &_vectors[slot];
            header.VectorCount = 1;
        }
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _capacity;

    public MultiMessageHeader* Headers => _headers;

    /// <summary>The descriptor a datagram leaves by.</summary>
    public int SocketOf(int slot) => _sockets[slot];

    /// <summary>The number of the connected socket that a datagram leaves by; -1 when it is none of those.</summary>
    public int PeerSocketOf(int slot) => _peerSockets[slot];

    public byte* PayloadOf(int slot) => (byte*)_vectors[slot].Base;

    /// <summary>Fills the next slot; the caller has checked <see cref="IsFull"/>.</summary>
    /// <returns>The slot, or -1 when the payload does not fit.</returns>
    public int Add(in DatagramRoute route, int socket, ReadOnlySpan<byte> payload)
    {
        int slot = Add(socket, -1, payload);
        if (slot < 0)
        {
            return slot;
        }

        _peers[slot] = route.Peer;
        ref MessageHeader header = ref _headers[slot].Header;
        header.NameLength = (uint)route.Peer.Length;
        if (route.HasLocal)
        {
            header.Control = _controls + (slot * ControlCapacity);
            header.ControlLength = PacketInfo.Write((byte*)header.Control, in route);
        }
        else
        {
            header.Control = null;
            header.ControlLength = 0;
        }

        return slot;
    }

    /// <summary>Fills the next slot with a datagram to the peer of a connected socket; the caller has checked <see cref="IsFull"/>.</summary>
    /// <returns>The slot, or -1 when the payload does not fit.</returns>
    public int AddToPeer(int peerSocket, int descriptor, ReadOnlySpan<byte> payload)
    {
        int slot = Add(descriptor, peerSocket, payload);
        if (slot >= 0)
        {
            ref MessageHeader header = ref _headers[slot].Header;
            header.NameLength = 0;
            header.Control = null;
            header.ControlLength = 0;
        }

        return slot;
    }

    public void Clear() => Count = 0;

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_peers);
        NativeMemory.Free(_sockets);
        NativeMemory.Free(_peerSockets);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_payloads);
    }

    private int Add(int descriptor, int peerSocket, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _payloadCapacity)
        {
            return -1;
        }

        int slot = Count++;
        payload.CopyTo(new Span<byte>(PayloadOf(slot), _payloadCapacity));
        _vectors[slot].Length = (nuint)payload.Length;
        _sockets[slot] = descriptor;
        _peerSockets[slot] = peerSocket;
        return slot;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
