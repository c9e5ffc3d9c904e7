using System.Runtime.InteropServices;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The kernel's number for a network interface, the scope of its link-local addresses.</summary>
internal static partial class InterfaceIndex
{
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint Of(string name);
}
