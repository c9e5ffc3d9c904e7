namespace Fastdist.Ring;

/// <summary>Which ring to use, as <c>--io</c> spells it.</summary>
public enum RingMode : byte
{
    /// <summary>io_uring where the host allows it, else epoll.</summary>
    Auto,

    /// <summary>io_uring or an error.</summary>
    IoUring,

    /// <summary>epoll, without asking for io_uring.</summary>
    Epoll,
}
