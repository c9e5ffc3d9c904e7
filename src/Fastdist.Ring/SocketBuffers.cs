namespace Fastdist.Ring;

/// <summary>Kernel buffers wanted for a datagram socket.</summary>
/// <param name="Receive">Bytes that may wait to be read.</param>
/// <param name="Send">Bytes that may wait to be sent.</param>
public readonly record struct SocketBuffers(int Receive, int Send);
