namespace Fastdist.Proxy.Machines;

/// <summary>Whose stream an event is for: the top bit says backend or client, the rest which.</summary>
internal static class StreamTags
{
    private const uint BackendBit = 1u << 31;

    public static uint ForClient(int index) => (uint)index;

    public static uint ForBackend(int connection) => (uint)connection | BackendBit;

    public static bool IsBackend(uint tag) => (tag & BackendBit) != 0;

    public static int IndexOf(uint tag) => (int)(tag & ~BackendBit);
}
