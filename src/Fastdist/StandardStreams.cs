using System.Runtime.InteropServices;

namespace Fastdist;

/// <summary>
/// The first three descriptors. Whoever starts us may have closed some of them; what is opened next would take their
/// numbers, and the log would be written into a client's connection.
/// </summary>
internal static partial class StandardStreams
{
    private const int StandardError = 2;
    private const int ReadWrite = 2;

    /// <summary>Gives those that are closed to /dev/null. Must come before anything else opens a file.</summary>
    public static void EnsureOpen()
    {
        // open(2) takes the lowest number that is free.
        int descriptor;
        do
        {
            descriptor = Open("/dev/null", ReadWrite);
        }
        while (descriptor is >= 0 and <= StandardError);

        if (descriptor >= 0)
        {
            Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
