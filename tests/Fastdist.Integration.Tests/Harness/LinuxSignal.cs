using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The signals the tests send, with Linux's numbers.</summary>
internal enum LinuxSignal
{
    /// <summary>Reads certificates, keys and trust stores again.</summary>
    HangUp = 1,

    Interrupt = 2,
    Kill = 9,
    User1 = 10,

    /// <summary>Reads the configuration again.</summary>
    User2 = 12,
    Terminate = 15,
    Continue = 18,

    /// <summary>Stops the process without a word; its peers see a host that takes packets and does nothing.</summary>
    Stop = 19,
}

internal static partial class LinuxSignals
{
    public static void Send(int process, LinuxSignal signal)
    {
        if (Kill(process, (int)signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot send {signal} to process {process}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
