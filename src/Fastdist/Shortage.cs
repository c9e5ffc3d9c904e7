using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Fastdist;

/// <summary>
/// A start that gets no memory, or no further thread, which .NET does not tell apart: said in one line, on whichever thread it
/// shows, instead of a stack trace.
/// </summary>
internal static unsafe partial class Shortage
{
    /// <summary>What the runtime takes on its way, bytes: a dozen threads with stacks of 8 MB, and some for its heap.</summary>
    private const long NeededByProcess = 192L << 20;

    /// <summary>What a shard takes besides its table of queries, bytes: a stack, its ring and its buffers.</summary>
    private const long NeededByShard = 48L << 20;

    /// <summary>Of a query in flight, bytes.</summary>
    private const long NeededByQuery = 256;

    /// <summary>Threads that the control thread, the log and the runtime's pool start later.</summary>
    private const int ThreadsBesideShards = 4;

    private const int SmallStack = 64 << 10;

    private const int DataSize = 2, Processes = 6, AddressSpace = 9;
    private const int PrivateAnonymousUnreserved = 0x4022;
    private const int StandardError = 2;
    private const int TryAgain = 11, NoMemory = 12;
    private const ulong Unlimited = ulong.MaxValue;
    private const nint Failed = -1;

    private static readonly (int Resource, string What, int Unit, string Option)[] s_limits =
    [
        (AddressSpace, "kB of address space", 1024, "ulimit -v"), (DataSize, "kB of data", 1024, "ulimit -d"), (Processes, "threads of this user", 1, "ulimit -u"),
    ];

    /// <summary>Has a shortage on any thread end the process with code 1 and a line.</summary>
    public static void Watch() => AppDomain.CurrentDomain.UnhandledException += static (_, arguments) =>
    {
        if (IsBehind(arguments.ExceptionObject))
        {
            Tell();
            Exit(1);
        }
    };

    /// <summary>Whether that is what an exception is about, or the one behind it.</summary>
    public static bool IsBehind(object? exception) => exception switch
    {
        OutOfMemoryException or Win32Exception { NativeErrorCode: NoMemory or TryAgain } or IOException { HResult: NoMemory or TryAgain } => true,
        Exception { InnerException: { } cause } => IsBehind(cause),
        _ => false,
    };

    /// <summary>Says so, without the console, which would want memory as well.</summary>
    public static void Tell()
    {
        byte[] line = Encoding.UTF8.GetBytes($"fastdist: {Describe()}\n");
        fixed (byte* bytes = line)
        {
            Write(StandardError, bytes, (nuint)line.Length);
        }
    }

    /// <summary>Tries whether there are room and threads for a service: the runtime could only crash when it finds that out later.</summary>
    /// <exception cref="OutOfMemoryException">It has not.</exception>
    public static void Check(int shards, int maxInFlight)
    {
        nuint needed = (nuint)(NeededByProcess + (NeededByShard * shards) + (NeededByQuery * maxInFlight));
        nint reserved = MemoryMap(0, needed, 0, PrivateAnonymousUnreserved, -1, 0);
        if (reserved == Failed)
        {
            throw new OutOfMemoryException();
        }

        MemoryUnmap(reserved, needed);
        TryThreads(shards + ThreadsBesideShards);
    }

    /// <summary>Starts as many threads as will be needed, at once, and ends them.</summary>
    private static void TryThreads(int count)
    {
        using var end = new ManualResetEventSlim();
        var threads = new List<Thread>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                var thread = new Thread(end.Wait, SmallStack);
                thread.Start();
                threads.Add(thread);
            }
        }
        finally
        {
            end.Set();
            threads.ForEach(static thread => thread.Join());
        }
    }

    /// <summary>The limits that are set, and what needs less.</summary>
    private static string Describe()
    {
        var limits = new List<string>();
        foreach ((int resource, string what, int unit, string option) in s_limits)
        {
            Limit limit;
            if (GetLimit(resource, &limit) == 0 && limit.Soft != Unlimited)
            {
                limits.Add($"{limit.Soft / (ulong)unit} {what} ({option})");
            }
        }

        string allowed = limits.Count > 0 ? $"; allowed are {string.Join(", ", limits)}" : "";
        return $"not enough memory, or no further thread{allowed}. Raise these or the limits of the container (memory, pids), or use less with --shards and --max-in-flight";
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
