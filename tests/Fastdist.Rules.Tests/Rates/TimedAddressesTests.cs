using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Fastdist.Rules.Rates;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Rates;

public class TimedAddressesTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void An_address_is_in_it_until_the_longest_of_its_times_is_over() =>
        Gen.Select(Gen.Int[0, 20], Gen.UInt[0, 100], Gen.Int[0, 9], Gen.Long[0, 20 * Second]).Array[0, 100].Sample(steps =>
        {
            var addresses = new TimedAddresses();
            var model = new Dictionary<int, long>();
            long now = 0;
            foreach ((int number, uint seconds, int what, long pause) in steps)
            {
                now += pause;
                if (what == 0)
                {
                    addresses.CleanUp(now);
                    model = model.Where(pair => pair.Value > now).ToDictionary();
                }
                else
                {
                    addresses.Add(Number(number), seconds, now);
                    model[number] = long.Max(model.GetValueOrDefault(number), now + (seconds * Second));
                }

                Assert.Equal(model.Count, addresses.Count);
                Assert.All(Enumerable.Range(0, 21), i => Assert.Equal(model.TryGetValue(i, out long until) && now < until, addresses.Contains(Number(i), now)));
            }

            addresses.Clear();
            Assert.Equal(0, addresses.Count);
            Assert.DoesNotContain(Enumerable.Range(0, 21), i => addresses.Contains(Number(i), now));
        }, iter: 50);

    [Fact]
    public void Ports_do_not_count()
    {
        var addresses = new TimedAddresses();
        addresses.Add(Clients.Of("192.0.2.1", 53), 1, 0);
        Assert.True(addresses.Contains(Clients.Of("192.0.2.1", 54), 0));
    }

    [Fact]
    public void When_there_is_no_room_those_in_it_stay()
    {
        var addresses = new TimedAddresses(2);
        Assert.True(addresses.Add(Number(0), 1, 0));
        Assert.True(addresses.Add(Number(1), 1, 0));
        Assert.False(addresses.Add(Number(2), 1, 0));
        Assert.True(addresses.Add(Number(0), 2, 0));
        addresses.CleanUp(Second);
        Assert.True(addresses.Add(Number(2), 1, Second));
    }

    [Fact]
    public void A_thread_may_ask_while_another_adds_a_hundred_thousand()
    {
        var addresses = new TimedAddresses();
        SocketAddress first = Number(0);
        addresses.Add(first, 10, 0);
        bool isDone = false;
        bool wasAlwaysThere = true;
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                wasAlwaysThere &= addresses.Contains(first, 0);
            }
        });
        reader.Start();
        for (uint i = 0; i < 100_000; i++)
        {
            addresses.Add(Clients.Numbered(i), 10, 0);
        }

        Volatile.Write(ref isDone, true);
        reader.Join();
        Assert.True(wasAlwaysThere);
        Assert.Equal(100_001, addresses.Count);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var addresses = new TimedAddresses();
        addresses.Add(Number(0), 10, 0);
        SocketAddress there = Number(0), other = Number(1);
        Allocations.AssertNone(() => Assert.True(addresses.Contains(there, 0) && !addresses.Contains(other, 0)));
    }

    private static SocketAddress Number(int number) => number % 2 == 0 ? Clients.Numbered(0xC0000200u + (uint)number) : Clients.Of($"2001:db8::{number}");
}
