using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>
/// The ring over io_uring (Linux 6.1). Receives and accepts are multishot; datagrams are sent without
/// a completion each, streams with one. This part holds the loop, listeners and datagrams.
/// </summary>
public sealed unsafe partial class IoUringRing : KernelRing
{
    private const uint SubmissionEntries = 2048;
    private const uint CompletionEntries = 16384;
    private const int AcceptBackoffMs = 100;
    private const int AcceptRetryMs = 5;
    private const int ReceiveRetryMs = 100;
    private const ushort DatagramGroup = 0;

    private readonly UringQueues _queues;
    private readonly BufferGroup _datagramBuffers;
    private readonly BufferGroup _peerBuffers;
    private readonly BufferGroup[] _streamBuffers;
    private readonly DatagramSends _sends;
    private readonly List<Listener> _listeners = [];
    private readonly List<DatagramSocket> _datagramSockets = [];
    private readonly Stack<int> _freeListeners = new();
    private readonly Stack<int> _freeDatagramSockets = new();

    /// <summary>Connected datagram sockets that nothing is armed on: they wait to receive again, or to be closed.</summary>
    private readonly Queue<int> _unarmedPeers = new();
    private readonly MessageHeader* _receiveHeader;
    private readonly long* _wakeValue;
    private readonly int _wake;
    private readonly int _payloadOffset;
    private int _acceptPauseMs = AcceptBackoffMs;
    private bool _rearmSockets;
    private bool _isDraining;

    /// <summary>Sets up the ring on the calling thread, which becomes its only user.</summary>
    /// <exception cref="Win32Exception">The kernel refused io_uring or lacks a feature.</exception>
    public IoUringRing(RingOptions options, IRingHandler handler)
        : base(options, handler)
    {
        _queues = new UringQueues(SubmissionEntries, CompletionEntries, Counters);
        _payloadOffset = sizeof(ReceivedMessage) + SocketAddress.Capacity + PacketInfo.Capacity;
        int datagramSize = (options.MaxReceivedDatagram + _payloadOffset + 63) & ~63;
        _datagramBuffers = new BufferGroup(_queues, DatagramGroup, options.DatagramBuffers, datagramSize);
        _streamBuffers =
        [
            new BufferGroup(_queues, 1, options.ClientBuffers, options.ClientBufferSize),
            new BufferGroup(_queues, 2, options.BackendBuffers, options.BackendBufferSize),
        ];
        _peerBuffers = new BufferGroup(_queues, 3, options.PeerBuffers, options.PeerBufferSize);
        _sends = new DatagramSends(options.DatagramSends, Math.Max(options.MaxDatagram, RingOptions.MaxToPeer));
        _receiveHeader = (MessageHeader*)NativeMemory.AllocZeroed((nuint)sizeof(MessageHeader));
        _receiveHeader->NameLength = SocketAddress.Capacity;
        _receiveHeader->ControlLength = PacketInfo.Capacity;
        _wakeValue = (long*)NativeMemory.AllocZeroed(sizeof(long));

        // Blocking on purpose: io_uring answers EAGAIN at once on a non-blocking file instead of waiting.
        _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC);
        if (_wake < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd");
        }

        ArmWake();
    }

    private enum Operation : byte
    {
        Ignore = 0,
        Wake,
        Accept,
        ReceiveDatagram,
        SendDatagram,
        Receive,
        Send,
        Connect,
        ReceiveFromPeer,
        SendToPeer,
    }

    /// <inheritdoc/>
    public override string Name => "io_uring";

    /// <inheritdoc/>
    public override int Turn(int maxCompletions, int timeout)
    {
        // Sends complete while they are submitted, so this is asked before: what they leave in the queue must
        // not keep the kernel from running the work of everybody else.
        bool isDrained = !_queues.HasCompletions;
        if (Queued.Count + Closing.Count + _unarmedPeers.Count > 0 && _queues.Unsubmitted > 0)
        {
            // What is reported now may take its owner long, and what was asked for before should not wait for that.
            _queues.Submit();
        }

        int done = RunClosing();
        RunPeers();
        done += RunQueued(maxCompletions - done);
        if (isDrained || _queues.Overflowed)
        {
            // Reports made above may have left work for the end of the turn, which must not wait then.
            _queues.Wait(done > 0 || Queued.Count + Closing.Count > 0 ? 0 : WaitBound(timeout));
        }
        else
        {
            _queues.Submit();
        }

        if (_queues.Unsubmitted == 0)
        {
            _sends.Clear();
        }

        Handler.Awake();
        while (done < maxCompletions && _queues.TryTake(out CompletionEntry completion))
        {
            Dispatch(in completion);
            done++;
        }

        return done;
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        long one = 1;
        Libc.Write(_wake, &one, sizeof(long));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The ring goes first: once it is closed the kernel touches none of the memory below.
        _queues.Dispose();
        CloseStreams();
        _listeners.ForEach(listener => Libc.Close(listener.Descriptor));
        _datagramSockets.ForEach(socket => Libc.Close(socket.Descriptor));
        Libc.Close(_wake);
        Peers.Close();
        _datagramBuffers.Dispose();
        _peerBuffers.Dispose();
        Streams.Dispose();
        Array.ForEach(_streamBuffers, group => group.Dispose());
        _sends.Dispose();
        NativeMemory.Free(_receiveHeader);
        NativeMemory.Free(_wakeValue);
    }

    private static ulong UserData(Operation operation, uint generation, uint index) =>
        ((ulong)operation << 56) | ((ulong)generation << 32) | index;

    private void Dispatch(in CompletionEntry completion)
    {
        uint index = (uint)completion.UserData;
        uint generation = (uint)(completion.UserData >> 32) & 0xFFFFFF;
        switch ((Operation)(completion.UserData >> 56))
        {
            case Operation.ReceiveDatagram:
                OnDatagram((int)index, in completion);
                break;
            case Operation.ReceiveFromPeer:
                OnPeerReceive((int)index, in completion);
                break;
            case Operation.Receive:
                OnReceive(index, generation, in completion);
                break;
            case Operation.Send:
                OnSend(index, generation, completion.Result);
                break;
            case Operation.SendDatagram:
                Counters.DatagramSendErrors++;
                break;
            case Operation.SendToPeer:
                OnPeerSendFailed((int)index, generation, -completion.Result);
                break;
            case Operation.Accept:
                OnAccept((int)index, in completion);
                break;
            case Operation.Connect:
                OnConnect(index, generation, completion.Result);
                break;
            case Operation.Wake:
                ArmWake();
                Handler.Woken();
                break;
            default:
                break;
        }
    }

    private int WaitBound(int timeout)
    {
        int bound = !_rearmSockets ? timeout : _isDraining ? 0 : Shorter(timeout, _acceptPauseMs);
        return _unarmedPeers.Count == 0 ? bound : Shorter(bound, ReceiveRetryMs);
    }

    private static int Shorter(int timeout, int bound) => timeout < 0 ? bound : Math.Min(timeout, bound);

    /// <summary>
    /// Cancels one operation by its key. The kernel finds that in a table of 256 rows; by descriptor it would look at every
    /// operation there is.
    /// </summary>
    private void Cancel(Operation operation, uint generation, uint index)
    {
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpAsyncCancel;
        entry->Flags = IoUringAbi.SqeCqeSkipSuccess;
        entry->Descriptor = -1;
        entry->Address = UserData(operation, generation, index);
        entry->UserData = UserData(Operation.Ignore, 0, 0);
    }

    /// <summary>
    /// Closes a socket that another takes the place of. What names its descriptor is submitted before, as its number may be somebody
    /// else's soon; the operation that was armed ends with ECANCELED, and the next is armed on the new one.
    /// </summary>
    private void Withdraw(int descriptor, bool isArmed, Operation operation, int index)
    {
        if (isArmed)
        {
            Cancel(operation, 0, (uint)index);
        }

        _queues.Submit();
        Libc.Close(descriptor);
    }

    private void ArmWake()
    {
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpRead;
        entry->Descriptor = _wake;
        entry->Address = (ulong)_wakeValue;
        entry->Length = sizeof(long);
        entry->UserData = UserData(Operation.Wake, 0, 0);
    }

    /// <summary>Arms again what ended: buffers are back by now, and descriptors may be.</summary>
    private void RearmSockets()
    {
        _rearmSockets = _isDraining = false;
        for (int i = 0; i < _datagramSockets.Count; i++)
        {
            if (!_datagramSockets[i].Armed && !_datagramSockets[i].Stopped)
            {
                ArmReceiveDatagram(i);
            }
        }

        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (listener.Armed || listener.Closed)
            {
                continue;
            }

            if (listener.Closing)
            {
                if (TryEnd(listener))
                {
                    _freeListeners.Push(i);
                }
                else
                {
                    _rearmSockets = _isDraining = true;
                }
            }
            else if (listener.RetryAt <= Environment.TickCount64)
            {
                ArmAccept(i);
            }
            else
            {
                _rearmSockets = true;
            }
        }
    }
}
