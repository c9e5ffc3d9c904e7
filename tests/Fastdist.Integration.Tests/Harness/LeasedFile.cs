using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// A file that hangs whoever opens it, as one on a server that is gone: we hold a lease on it (fcntl(2), F_SETLEASE) and do not let go.
/// The kernel gives us 45 s.
/// </summary>
internal sealed partial class LeasedFile : IDisposable
{
    private const int SetSignal = 10, SetLease = 1024, GetLease = 1025;
    private const int WriteLease = 1, NoLease = 2;
    private const int Urgent = 23;

    private readonly FileStream _file;

    public LeasedFile(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);

        // The kernel asks us to let go by a signal, of which this is one that ends no process.
        if (Control(SetSignal, Urgent) != 0 || Control(SetLease, WriteLease) != 0)
        {
            throw new IOException($"no lease on {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Waits until somebody hangs.</summary>
    public Task WantedAsync() => Patience.UntilAsync(() => Control(GetLease, 0) != WriteLease, "somebody to open the file");

    /// <summary>Lets whoever waits have it.</summary>
    public void Dispose()
    {
        Control(SetLease, NoLease);
        _file.Dispose();
    }

    private int Control(int command, nint argument) => FileControl((int)_file.SafeFileHandle.DangerousGetHandle(), command, argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, nint argument);
}
