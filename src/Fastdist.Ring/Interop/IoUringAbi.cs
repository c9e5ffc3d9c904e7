using System.Runtime.InteropServices;

namespace Fastdist.Ring.Interop;

/// <summary>
/// The kernel's io_uring interface (include/uapi/linux/io_uring.h), as far as it is used here.
/// Declared by hand because distributions' header packages are older than the kernels they run on.
/// </summary>
internal static class IoUringAbi
{
    public const int SysSetup = 425, SysEnter = 426, SysRegister = 427;

    public const uint SetupCqSize = 1u << 3, SetupClamp = 1u << 4, SetupSubmitAll = 1u << 7, SetupSingleIssuer = 1u << 12, SetupDeferTaskrun = 1u << 13;

    public const uint EnterGetEvents = 1, EnterExtArg = 8, EnterRegisteredRing = 16;

    public const uint RegisterRingFds = 20, RegisterPbufRing = 22;

    public const byte OpSendMsg = 9, OpRecvMsg = 10, OpAccept = 13, OpAsyncCancel = 14, OpConnect = 16, OpRead = 22, OpSend = 26, OpRecv = 27;

    public const byte SqeBufferSelect = 1 << 5, SqeCqeSkipSuccess = 1 << 6;

    public const ushort RecvMultishot = 1 << 1, AcceptMultishot = 1 << 0;

    public const uint CqeBuffer = 1, CqeMore = 2;

    public const int CqeBufferShift = 16;

    public const uint SqCqOverflow = 1u << 1;

    public const long OffsetSqRing = 0, OffsetSqes = 0x10000000;
}

/// <summary>struct io_uring_sqe.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SubmissionEntry
{
    public byte Opcode;
    public byte Flags;
    public ushort IoPriority;
    public int Descriptor;
    public ulong Offset;
    public ulong Address;
    public uint Length;
    public uint OpFlags;
    public ulong UserData;
    public ushort BufferGroup;
    public ushort Personality;
    public uint FileIndex;
    public ulong Address3;
    public ulong Padding;
}

/// <summary>struct io_uring_cqe.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct CompletionEntry
{
    public ulong UserData;
    public int Result;
    public uint Flags;
}

/// <summary>struct io_sqring_offsets and io_cqring_offsets share a shape; the names are the SQ's / the CQ's.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct QueueOffsets
{
    public uint Head;
    public uint Tail;
    public uint Mask;
    public uint Entries;
    /// <summary>SQ: flags. CQ: overflow.</summary>
    public uint FlagsOrOverflow;
    /// <summary>SQ: dropped. CQ: cqes.</summary>
    public uint DroppedOrEntriesArray;
    /// <summary>SQ: array. CQ: flags.</summary>
    public uint ArrayOrFlags;
    public uint Reserved;
    public ulong UserAddress;
}

/// <summary>struct io_uring_params.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct SetupParameters
{
    public uint SqEntries;
    public uint CqEntries;
    public uint Flags;
    public uint SqThreadCpu;
    public uint SqThreadIdle;
    public uint Features;
    public uint WorkQueueFd;
    public uint Reserved0;
    public uint Reserved1;
    public uint Reserved2;
    public QueueOffsets Sq;
    public QueueOffsets Cq;
}

/// <summary>struct io_uring_getevents_arg.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal unsafe struct WaitArgument
{
    public ulong SignalMask;
    public uint SignalMaskSize;
    public uint MinWait;
    public Timespec* Timeout;
}

/// <summary>struct io_uring_buf: one slot of a provided buffer ring; the first slot's last field is the ring's tail.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct ProvidedBuffer
{
    public ulong Address;
    public uint Length;
    public ushort BufferId;
    public ushort Tail;
}

/// <summary>struct io_uring_buf_reg.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct ProvidedBufferRegistration
{
    public ulong RingAddress;
    public uint Entries;
    public ushort Group;
    public ushort Flags;
}

/// <summary>struct io_uring_rsrc_update, used to register the ring's own descriptor.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct ResourceUpdate
{
    public uint Offset;
    public uint Reserved;
    public ulong Data;
}

/// <summary>struct io_uring_recvmsg_out: heads each buffer of a multishot recvmsg; name, control and payload follow.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct ReceivedMessage
{
    public uint NameLength;
    public uint ControlLength;
    public uint PayloadLength;
    public uint Flags;
}
