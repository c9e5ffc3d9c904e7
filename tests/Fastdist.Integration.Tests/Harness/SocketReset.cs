using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Ends TCP connections without ceremony.</summary>
internal static partial class SocketReset
{
    // A struct sockaddr whose family is AF_UNSPEC: connecting to it resets (connect(2)).
    private static readonly byte[] s_nowhere = new byte[16];

    /// <summary>
    /// Resets a connection now: the peer's socket has heard of it when this returns. Closing alone may do so later, as every process that another test is just
    /// starting has a copy of the socket until it runs its program.
    /// </summary>
    public static void Reset(this Socket socket)
    {
        if (Connect(socket.SafeHandle, s_nowhere, s_nowhere.Length) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot reset a connection");
        }

        socket.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeSocketHandle socket, byte[] address, int length);
}
