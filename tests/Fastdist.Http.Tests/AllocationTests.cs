using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Fuzz.Http;
using Fastdist.Http.Interop;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Http.Tests;

public sealed unsafe class AllocationTests(ITestOutputHelper output)
{
    private const int Rounds = 10_000;

    private static readonly DohPaths s_paths = new(["/dns-query"], true);

    // nghttp2 is given function pointers, which cannot have an object; tests of a class run one after the other.
    private static long s_allocations;
    private static long s_living;

    private readonly byte[] _get = Frames.Get(1, Connection.Target);
    private readonly byte[] _post = Frames.Post(1, Connection.Path, new byte[33]);
    private readonly byte[] _update = Frames.Update(0, 33);
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _scratch = new byte[ushort.MaxValue];
    private int _stream = 1;

    [Fact]
    public void A_request_and_its_response_allocate_nothing()
    {
        using var connection = Connection.Open();
        Allocations.AssertNone(() => Pass(connection.Session, Rounds));
        Assert.Equal(0, connection.Pool.HeldBytes);
    }

    [Fact]
    public void What_nghttp2_allocates_for_a_request_is_constant_and_freed()
    {
        using var pool = new Http2Pool();
        pool.SetDate(DateTimeOffset.UnixEpoch);
        var allocator = new AllocatorFunctions { Allocate = &Allocate, Free = &Free, AllocateZeroed = &AllocateZeroed, Reallocate = &Reallocate };
        long atStart = s_living;
        using (var session = new Http2Session(new Http2Options(), pool, isNegotiated: false, &allocator))
        {
            session.Receive(Frames.Opening, 0);
            Pass(session, 1000);
            (long living, long first) = (s_living, Counted(session));
            long second = Counted(session);
            Assert.Equal(living, s_living);
            // Every so many requests nghttp2 opens the connection's window again.
            Assert.Equal(first / Rounds, second / Rounds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nghttp2 allocates {(double)first / Rounds} times a request"));
        }

        Assert.Equal(atStart, s_living);
    }

    private long Counted(Http2Session session)
    {
        long before = s_allocations;
        Pass(session, Rounds);
        return s_allocations - before;
    }

    private void Pass(Http2Session session, int rounds)
    {
        for (int round = 0; round < rounds; round++, _stream += 2)
        {
            byte[] request = round % 2 == 0 ? _get : _post;
            SetStreams(request);
            session.Receive(request, round);
            if (session.TryTake(out HttpRequest taken) && s_paths.Read(in taken, _scratch, out ReadOnlySpan<byte> message) == HttpStatus.Ok)
            {
                session.Respond(taken.StreamId, new HttpResponse(HttpStatus.Ok, HttpContent.DnsMessage, 60), message, round);
            }

            session.Send(_buffer);
            if (session.OpenStreams != 0)
            {
                throw new InvalidOperationException("a request was not answered");
            }

            // The answers use the connection's window up.
            session.Receive(_update, round);
        }
    }

    private void SetStreams(Span<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            BinaryPrimitives.WriteInt32BigEndian(frames[5..], _stream);
            frames = frames[(9 + ((frames[1] << 8) | frames[2]))..];
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Allocate(nuint size, void* user) => Count(NativeMemory.Alloc(size));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* AllocateZeroed(nuint count, nuint size, void* user) => Count(NativeMemory.AllocZeroed(count, size));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Reallocate(void* memory, nuint size, void* user)
    {
        s_allocations++;
        s_living += memory is null ? 1 : 0;
        return NativeMemory.Realloc(memory, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* memory, void* user)
    {
        s_living -= memory is null ? 0 : 1;
        NativeMemory.Free(memory);
    }

    private static void* Count(void* memory)
    {
        s_allocations++;
        s_living++;
        return memory;
    }
}
