using System;
using System.Collections.Generic;

namespace Fastdist.Ring;

/// <summary>What a ring knows of one stream.</summary>
internal struct StreamState
{
    public int Descriptor;
    public uint Generation;
    public uint Tag;
    public StreamClass Class;

    /// <summary>The owner asked for no deliveries.</summary>
    public bool Paused;

    /// <summary>The owner asked for the end; nothing but Closed is reported any more.</summary>
    public bool Closing;

    /// <summary>io_uring: its turn to end has come; it ends with the last of its operations.</summary>
    public bool Ending;

    /// <summary>FIN or an error was seen; nothing more is read.</summary>
    public bool ReceiveDone;

    /// <summary>The end was reported to the owner.</summary>
    public bool EndTold;

    /// <summary>io_uring: a multishot receive is armed. epoll: the descriptor may be readable, or a connect has ended.</summary>
    public bool Receiving;

    /// <summary>io_uring: the cancellation of the receive was requested. epoll: the end is still to be told.</summary>
    public bool Cancelling;

    /// <summary>A connect is under way.</summary>
    public bool Connecting;

    /// <summary>A request to be looked at in the next turn is queued.</summary>
    public bool Queued;

    /// <summary>io_uring: operations whose last completion has not come.</summary>
    public int Pending;

    /// <summary>The send in flight; null when there is none.</summary>
    public NativeBuffer? SendBuffer;
    public int SendOffset;
    public int SendLength;

    /// <summary>Bytes received while paused.</summary>
    public NativeBuffer? Stash;
    public int StashLength;
    public int EndErrno;

    /// <summary>io_uring: the address of a connect until the kernel has copied it.</summary>
    public NativeBuffer? ConnectAddress;
}

/// <summary>
/// The streams of a ring, addressed by (index, generation). Grows by a block when a connection arrives, never for a query,
/// and moves nothing when it does; an index handed out is below <see cref="Capacity"/>.
/// </summary>
internal sealed class StreamTable : IDisposable
{
    private const uint GenerationMask = 0xFFFFFF;
    private const int BlockBits = 10;
    private const int BlockSize = 1 << BlockBits;
    private const int SmallStash = 2048;

    /// <summary>Stashes at hand for streams to be paused; an idle stream has none.</summary>
    private const int StashesKept = 256;

    private readonly int _maximum;
    private readonly Stack<uint> _free = new();
    private readonly Stack<NativeBuffer> _stashes = new(StashesKept);
    private readonly List<StreamState[]> _blocks = [];
    private uint _used;

    public StreamTable(int maximum) => _maximum = maximum;

    public int Capacity => _blocks.Count << BlockBits;

    public int Count => (int)_used - _free.Count;

    public ref StreamState this[uint index] => ref _blocks[(int)(index >> BlockBits)][index & (BlockSize - 1)];

    public StreamHandle HandleOf(uint index) => new(index, this[index].Generation);

    /// <summary>Finds a live stream; false when the handle outlived it.</summary>
    public bool TryFind(StreamHandle handle, out uint index)
    {
        index = handle.Index;
        return handle.Index < _used && handle.Generation != 0
            && this[index].Generation == handle.Generation && this[index].Descriptor >= 0;
    }

    public StreamHandle Add(int descriptor, uint tag, StreamClass kind)
    {
        if (!_free.TryPop(out uint index))
        {
            if (_used == _maximum)
            {
                return StreamHandle.None;
            }

            index = _used++;
            if (index == Capacity)
            {
                _blocks.Add(new StreamState[BlockSize]);
            }
        }

        uint generation = (this[index].Generation + 1) & GenerationMask;
        this[index] = new StreamState
        {
            Descriptor = descriptor,
            Tag = tag,
            Class = kind,
            Generation = generation == 0 ? 1 : generation,
        };
        return HandleOf(index);
    }

    public void Remove(uint index)
    {
        ref StreamState state = ref this[index];
        Return(ref state);
        state.ConnectAddress?.Dispose();
        state = new StreamState { Descriptor = -1, Generation = state.Generation };
        _free.Push(index);
    }

    /// <summary>Keeps bytes for a paused stream.</summary>
    public void Keep(uint index, ReadOnlySpan<byte> data)
    {
        ref StreamState state = ref this[index];
        int needed = state.StashLength + data.Length;
        state.Stash ??= _stashes.TryPop(out NativeBuffer? stash) ? stash : new NativeBuffer(SmallStash);
        if (state.Stash.Length < needed)
        {
            state.Stash.Resize(Math.Max(needed, state.Stash.Length * 2), state.StashLength);
        }

        data.CopyTo(state.Stash.Span[state.StashLength..]);
        state.StashLength = needed;
    }

    /// <summary>Drops the first bytes of what was kept.</summary>
    public void Drop(uint index, int length)
    {
        ref StreamState state = ref this[index];
        state.StashLength -= length;
        if (state.StashLength > 0)
        {
            state.Stash!.Span.Slice(length, state.StashLength).CopyTo(state.Stash.Span);
        }
        else
        {
            Return(ref state);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (uint index = 0; index < _used; index++)
        {
            this[index].Stash?.Dispose();
            this[index].ConnectAddress?.Dispose();
        }

        while (_stashes.TryPop(out NativeBuffer? stash))
        {
            stash.Dispose();
        }
    }

    private void Return(ref StreamState state)
    {
        if (state.Stash is { Length: SmallStash } stash && _stashes.Count < StashesKept)
        {
            _stashes.Push(stash);
        }
        else
        {
            state.Stash?.Dispose();
        }

        state.Stash = null;
        state.StashLength = 0;
    }
}
