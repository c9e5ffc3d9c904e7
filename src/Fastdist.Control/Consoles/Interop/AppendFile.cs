using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fastdist.Control.Consoles.Interop;

/// <summary>
/// A file that every write goes to the end of, wherever that has come to be (O_APPEND of open(2)); .NET's own mode of that name
/// finds the end once, so that two processes write over each other. FileStream writes with pwrite(2), whose offset Linux does not
/// heed here.
/// </summary>
internal static partial class AppendFile
{
    private const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180;

    /// <summary>Opens it, or makes one that only its owner may read.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        int descriptor = Open(path, WriteOnly | Create | Append | CloseOnExec, OwnerOnly);
        return descriptor >= 0
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0)
            : throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, uint mode);
}
