namespace Fastdist.Ring;

/// <summary>
/// Plain fields written by the ring's thread alone; a reader elsewhere sees a value a moment old.
/// </summary>
public sealed class RingCounters
{
    /// <summary>Datagrams the kernel would not take because the socket's send buffer was full, or refused.</summary>
    public long DatagramSendErrors;

    /// <summary>Receives that ended because every provided buffer was in use (io_uring only).</summary>
    public long BuffersExhausted;

    /// <summary>Accepts that failed, usually for want of file descriptors (EMFILE, ENFILE).</summary>
    public long AcceptErrors;

    /// <summary>System calls made to submit or wait.</summary>
    public long Enters;

    /// <summary>Streams refused because the stream table was full.</summary>
    public long StreamsRefused;
}
