using System;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Proxy.Files;
using Fastdist.Ring;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Proxy.Tests.Files;

public class MessageRingTests
{
    [Fact]
    public void Messages_come_out_as_they_went_in_however_often_the_end_of_the_memory_is_passed()
    {
        var ring = new MessageRing(1024);
        var random = new Random(7);
        var expected = new Queue<(ushort Id, byte[] Name)>();
        ushort id = 0;
        for (int round = 0; round < 5_000; round++)
        {
            for (int more = random.Next(6); more > 0; more--)
            {
                byte[] name = new byte[random.Next(1, 256)];
                random.NextBytes(name);
                var message = new LoggedMessage { Id = ++id, Client = SocketAddress.From([1, 2, 3, 4], id), Time = id * 3L, Form = NoteForm.IsAnswer };
                if (ring.TryAdd(ref message, name))
                {
                    expected.Enqueue((id, name));
                }
            }

            for (int fewer = random.Next(6); fewer > 0 && expected.Count > 0; fewer--)
            {
                Span<byte> room = new byte[255];
                Assert.True(ring.TryTake(ring.End, out LoggedMessage message, room));
                (ushort Id, byte[] Name) next = expected.Dequeue();
                Assert.Equal((next.Id, next.Id * 3L, next.Id), (message.Id, message.Time, message.Client.Port));
                Assert.Equal(next.Name, room[..message.NameLength].ToArray());
            }

            Assert.Equal(expected.Count == 0, ring.IsEmpty);
        }

        Assert.True(ring.Dropped > 0);
    }

    [Fact]
    public void What_does_not_fit_is_dropped_and_counted_until_something_was_taken()
    {
        var ring = new MessageRing(256);
        var message = default(LoggedMessage);
        int added = 0;
        while (ring.TryAdd(ref message, [0]))
        {
            added++;
        }

        Assert.InRange(added, 3, 6);
        Assert.Equal(1, ring.Dropped);
        Assert.True(ring.TryTake(ring.End, out _, new byte[255]));
        Assert.True(ring.TryAdd(ref message, [0]));
        Assert.Equal(1, ring.Dropped);
    }

    [Fact]
    public void What_comes_after_the_writer_has_looked_is_left_for_later()
    {
        var ring = new MessageRing(1024);
        var message = default(LoggedMessage);
        ring.TryAdd(ref message, [0]);
        long end = ring.End;
        ring.TryAdd(ref message, [0]);
        Assert.True(ring.TryTake(end, out _, new byte[255]));
        Assert.False(ring.TryTake(end, out _, new byte[255]));
        Assert.False(ring.IsEmpty);
    }

    [Fact]
    public void Two_threads_lose_nothing_but_what_is_counted()
    {
        const int Most = 200_000;
        var ring = new MessageRing(4096);
        int added = 0;
        bool isOver = false;
        var producer = new Thread(() =>
        {
            for (int i = 0; i < Most; i++)
            {
                var message = new LoggedMessage { Time = i };
                added += ring.TryAdd(ref message, [1, (byte)i, 0]) ? 1 : 0;
            }

            Volatile.Write(ref isOver, true);
        });
        producer.Start();
        int taken = 0;
        long last = -1;
        byte[] name = new byte[255];
        for (bool isLast = false; !isLast;)
        {
            isLast = Volatile.Read(ref isOver);
            while (ring.TryTake(ring.End, out LoggedMessage message, name))
            {
                Assert.True(message.Time > last);
                Assert.Equal((byte)message.Time, name[1]);
                last = message.Time;
                taken++;
            }
        }

        producer.Join();
        Assert.Equal((added, Most - (long)added), (taken, ring.Dropped));
    }

    [Fact]
    public void To_note_a_message_allocates_nothing()
    {
        var ring = new MessageRing(4096);
        byte[] name = [3, (byte)'w', (byte)'w', (byte)'w', 0];
        byte[] room = new byte[255];
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                var message = new LoggedMessage { Id = 1 };
                ring.TryAdd(ref message, name);
                ring.TryTake(ring.End, out _, room);
            }
        });
    }
}
