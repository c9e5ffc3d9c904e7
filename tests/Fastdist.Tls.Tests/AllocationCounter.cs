using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Tests;

/// <summary>Counts OpenSSL's allocations when the process was started for that; it runs before any test and then ends the process.</summary>
internal static unsafe partial class AllocationCounter
{
    public const string Variable = "FASTDIST_COUNT_OPENSSL_ALLOCATIONS";
    public const string Mark = "OpenSSL allocations a message: ";

    private const int WarmUp = 200, Messages = 5000;

    private static long s_allocations;

    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            return;
        }

        int replaced = OpenSsl.CRYPTO_set_mem_functions(&Allocate, &Reallocate, &Free);
        if (replaced == 1)
        {
            Count(tls12: false);
            Count(tls12: true);
            Console.Out.Flush();
        }

        // Not Environment.Exit: OpenSSL's own clean-up would call back into a runtime that is gone.
        ExitNow(replaced == 1 ? 0 : 1);
    }

    private static void Count(bool tls12)
    {
        using var pair = new Pair(tls12: tls12);
        pair.Handshake();
        MessageLoop.Run(pair, WarmUp);
        long before = s_allocations;
        MessageLoop.Run(pair, Messages);
        double each = (s_allocations - before) / (2.0 * Messages);
        Console.WriteLine($"{pair.Client.Session.Version} {Mark}{each}");
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Allocate(nuint size, byte* file, int line)
    {
        s_allocations++;
        return NativeMemory.Alloc(size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Reallocate(void* memory, nuint size, byte* file, int line)
    {
        s_allocations++;
        return NativeMemory.Realloc(memory, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* memory, byte* file, int line) => NativeMemory.Free(memory);
}
