using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>
/// The two queues shared with the kernel. Invariants: only the creating thread touches them
/// (SINGLE_ISSUER); heads and tails are exchanged with acquire and release; entry i of the SQ array
/// is i for ever, so publishing the tail is all a submission takes.
/// </summary>
internal sealed unsafe class UringQueues : IDisposable
{
    private readonly int _ring;
    private readonly int _registeredRing;
    private readonly RingCounters _counters;
    private readonly nint _mapping;
    private readonly nuint _mappingLength;
    private readonly nuint _sqesLength;
    private readonly SubmissionEntry* _sqes;
    private readonly CompletionEntry* _cqes;
    private readonly uint* _sqHead;
    private readonly uint* _sqTail;
    private readonly uint* _sqFlags;
    private readonly uint* _cqHead;
    private readonly uint* _cqTail;
    private readonly uint _sqMask;
    private readonly uint _sqEntries;
    private readonly uint _cqMask;
    private uint _tail;
    private uint _submitted;
    private uint _head;

    public UringQueues(uint sqEntries, uint cqEntries, RingCounters counters)
    {
        _counters = counters;
        var parameters = new SetupParameters
        {
            Flags = IoUringAbi.SetupSingleIssuer | IoUringAbi.SetupDeferTaskrun | IoUringAbi.SetupSubmitAll
                | IoUringAbi.SetupCqSize | IoUringAbi.SetupClamp,
            CqEntries = cqEntries,
        };
        _ring = (int)Libc.Syscall(IoUringAbi.SysSetup, (nint)sqEntries, (nint)(&parameters), 0, 0, 0, 0);
        if (_ring < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "io_uring_setup");
        }

        nuint sqLength = parameters.Sq.ArrayOrFlags + (parameters.SqEntries * sizeof(uint));
        nuint cqLength = parameters.Cq.DroppedOrEntriesArray + (parameters.CqEntries * (nuint)sizeof(CompletionEntry));
        _mappingLength = Math.Max(sqLength, cqLength);
        _mapping = Map(_mappingLength, IoUringAbi.OffsetSqRing);
        _sqesLength = parameters.SqEntries * (nuint)sizeof(SubmissionEntry);
        _sqes = (SubmissionEntry*)Map(_sqesLength, IoUringAbi.OffsetSqes);

        byte* queues = (byte*)_mapping;
        _sqHead = (uint*)(queues + parameters.Sq.Head);
        _sqTail = (uint*)(queues + parameters.Sq.Tail);
        _sqFlags = (uint*)(queues + parameters.Sq.FlagsOrOverflow);
        _cqHead = (uint*)(queues + parameters.Cq.Head);
        _cqTail = (uint*)(queues + parameters.Cq.Tail);
        _cqes = (CompletionEntry*)(queues + parameters.Cq.DroppedOrEntriesArray);
        _sqEntries = parameters.SqEntries;
        _sqMask = parameters.SqEntries - 1;
        _cqMask = parameters.CqEntries - 1;
        uint* array = (uint*)(queues + parameters.Sq.ArrayOrFlags);
        for (uint i = 0; i < _sqEntries; i++)
        {
            array[i] = i;
        }

        _registeredRing = RegisterRingDescriptor();
    }

    /// <summary>Submissions not yet handed to the kernel.</summary>
    public uint Unsubmitted => _tail - _submitted;

    /// <summary>True when a completion can be read without a system call.</summary>
    public bool HasCompletions => Volatile.Read(ref *_cqTail) != _head;

    /// <summary>True when no further submission fits before <see cref="Submit"/>.</summary>
    public bool IsFull => _tail - Volatile.Read(ref *_sqHead) == _sqEntries;

    /// <summary>Claims and clears the next submission; submits the earlier ones when the queue is full.</summary>
    public SubmissionEntry* Next()
    {
        while (IsFull)
        {
            Submit();
        }

        SubmissionEntry* entry = &_sqes[_tail++ & _sqMask];
        *entry = default;
        return entry;
    }

    /// <summary>Hands every claimed submission to the kernel without waiting or reaping.</summary>
    public void Submit()
    {
        // Work that completed meanwhile would overflow the CQ if it ran here, so GETEVENTS waits for Wait.
        while (Unsubmitted != 0 && Enter(Unsubmitted, 0, 0, null))
        {
        }
    }

    /// <summary>Submits, then waits until a completion is there, the timeout passed or a signal came.</summary>
    /// <param name="timeout">Milliseconds; 0 does not wait, negative waits without end.</param>
    public void Wait(int timeout)
    {
        var time = new Timespec { Seconds = timeout / 1000, Nanoseconds = timeout % 1000 * 1_000_000L };
        var argument = new WaitArgument { Timeout = timeout > 0 ? &time : null };
        Enter(Unsubmitted, timeout == 0 ? 0u : 1u, IoUringAbi.EnterGetEvents | IoUringAbi.EnterExtArg, &argument);
        if (Unsubmitted != 0)
        {
            Submit();
        }
    }

    /// <summary>True when the kernel holds completions back because the queue was full.</summary>
    public bool Overflowed => (Volatile.Read(ref *_sqFlags) & IoUringAbi.SqCqOverflow) != 0;

    /// <summary>Takes the oldest completion.</summary>
    public bool TryTake(out CompletionEntry completion)
    {
        if (!HasCompletions)
        {
            completion = default;
            return false;
        }

        completion = _cqes[_head & _cqMask];
        Volatile.Write(ref *_cqHead, ++_head);
        return true;
    }

    /// <summary>Calls io_uring_register on this ring.</summary>
    /// <returns>0 or a positive result; negative errno on failure.</returns>
    public int Register(uint operation, void* argument, uint count)
    {
        nint result = Libc.Syscall(IoUringAbi.SysRegister, _ring, (nint)operation, (nint)argument, (nint)count, 0, 0);
        return result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;
    }

    public void Dispose()
    {
        Libc.MemoryUnmap(_mapping, _mappingLength);
        Libc.MemoryUnmap((nint)_sqes, _sqesLength);
        Libc.Close(_ring);
    }

    private bool Enter(uint submit, uint minimum, uint flags, WaitArgument* argument)
    {
        Volatile.Write(ref *_sqTail, _tail);
        _counters.Enters++;
        int descriptor = _ring;
        if (_registeredRing >= 0)
        {
            descriptor = _registeredRing;
            flags |= IoUringAbi.EnterRegisteredRing;
        }

        nint result = Libc.Syscall(IoUringAbi.SysEnter, descriptor, (nint)submit, (nint)minimum, (nint)flags,
            (nint)argument, argument is null ? 0 : sizeof(WaitArgument));
        if (result >= 0)
        {
            _submitted += (uint)result;
            return true;
        }

        int errno = Marshal.GetLastPInvokeError();
        switch (errno)
        {
            case Libc.EINTR or Libc.ETIME:
                // The wait ended early, after everything was submitted: the head tells how much.
                _submitted = Volatile.Read(ref *_sqHead);
                return true;
            case Libc.EAGAIN or Libc.EBUSY or Libc.ENOMEM:
                // Short of memory or completions held back: the caller reaps first, then tries again.
                return false;
            default:
                throw new Win32Exception(errno, "io_uring_enter");
        }
    }

    private nint Map(nuint length, long offset)
    {
        nint address = Libc.MemoryMap(0, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, _ring, (nint)offset);
        return address != -1 ? address : throw new Win32Exception(Marshal.GetLastPInvokeError(), "mmap of io_uring");
    }

    // Saves the kernel a descriptor look-up per call (Linux 5.18).
    private int RegisterRingDescriptor()
    {
        var update = new ResourceUpdate { Offset = uint.MaxValue, Data = (ulong)_ring };
        return Register(IoUringAbi.RegisterRingFds, &update, 1) == 1 ? (int)update.Offset : -1;
    }
}
