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

    public int SocketOf(int slot) => _sockets[slot];

    /// <summary>Fills the next slot; the caller has checked <see cref="IsFull"/>.</summary>
    /// <returns>The slot, or -1 when the payload does not fit.</returns>
    public int Add(in DatagramRoute route, int socket, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > _payloadCapacity)
        {
            return -1;
        }

        int slot = Count++;
        payload.CopyTo(new Span<byte>(_payloads + (slot * _payloadCapacity), _payloadCapacity));
        _vectors[slot].Length = (nuint)payload.Length;
        _peers[slot] = route.Peer;
        _sockets[slot] = socket;
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

    public void Clear() => Count = 0;

    public void Dispose()
    {
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_peers);
        NativeMemory.Free(_sockets);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_payloads);
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
