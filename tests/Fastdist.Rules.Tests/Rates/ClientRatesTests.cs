using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Rates;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Rates;

public class ClientRatesTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Each_client_has_a_bucket_of_its_own() =>
        Gen.Select(One.Of(1u, 10u, 50u), Gen.UInt[0, 5], One.Of(0, 20, 31, 32), One.Of(0, 56, 64, 65, 120, 128),
            Gen.Select(Gen.Int[0, 40], Gen.Long[0, 100_000]).Array[1, 300]).Sample((perSecond, burst, v4, v6, queries) =>
        {
            var rates = new ClientRates(new ClientRateSettings(perSecond, burst) { V4Mask = v4, V6Mask = v6 });
            var masks = new AddressMasks(v4, v6);
            var model = new Dictionary<AddressKey, NaiveBucket>();
            long now = 0;
            foreach ((int number, long pause) in queries)
            {
                now += pause;
                SocketAddress client = ClientNumber(number);
                AddressKey key = masks.KeyOf(client);
                model.TryAdd(key, new NaiveBucket(perSecond, burst));
                Assert.Equal(!model[key].TryTake(now), rates.IsOver(client, now));
            }

            Assert.Equal(burst == 0 ? 0 : model.Count, rates.Count);
        }, iter: 50);

    [Fact]
    public void Ports_do_not_count()
    {
        var rates = new ClientRates(new ClientRateSettings(1));
        Assert.False(rates.IsOver(Clients.Of("192.0.2.1", 1), 0));
        Assert.True(rates.IsOver(Clients.Of("192.0.2.1", 2), 0));
    }

    [Fact]
    public void With_no_burst_everybody_is_over_and_nobody_is_remembered()
    {
        var rates = new ClientRates(new ClientRateSettings(0));
        Assert.True(rates.IsOver(Clients.Of("192.0.2.1"), 0));
        rates.Clean(Second);
        Assert.Equal(0, rates.Count);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void A_client_of_several_threads_has_one_rate(int v6Mask)
    {
        const int Steps = 2_000;
        const uint PerSecond = 10_000;
        var rates = new ClientRates(new ClientRateSettings(PerSecond, 100) { V6Mask = v6Mask });
        SocketAddress client = Clients.Of("2001:db8::1");
        long allowed = 0;
        using var barrier = new Barrier(2);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            // Steps of a millisecond, at each of which both ask more than there is.
            for (int step = 0; step <= Steps; step++)
            {
                barrier.SignalAndWait();
                for (int i = 0; i < 20; i++)
                {
                    Interlocked.Add(ref allowed, rates.IsOver(client, step * 1_000) ? 0 : 1);
                }
            }
        }))];
        RunAll(threads);
        long expected = 40 + (Steps * PerSecond / 1_000);
        Assert.InRange(allowed, expected * 0.99, 100 + (Steps * PerSecond / 1_000));
        Assert.Equal(1, rates.Count);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Clients_that_come_to_several_threads_at_once_are_each_counted_once(int v6Mask)
    {
        const int Count = 20_000;
        var rates = new ClientRates(new ClientRateSettings(1) { V6Mask = v6Mask });
        long allowed = 0;
        RunAll([.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (uint i = 0; i < Count; i++)
            {
                Interlocked.Add(ref allowed, rates.IsOver(Clients.Numbered(i), 0) ? 0 : 1);
            }
        }))]);

        // A token may get lost where both let a client in at the very same moment.
        Assert.InRange(allowed, Count, Count * 1.01);
        Assert.InRange(rates.Count, Count, Count * 1.01);
    }

    [Fact]
    public void At_the_bound_new_clients_share_and_nobody_loses_a_bucket()
    {
        const uint Known = 100;
        var rates = new ClientRates(new ClientRateSettings(1, 3), mostClients: 250);
        SocketAddress[] known = [.. Enumerable.Range(0, (int)Known).Select(i => Clients.Numbered((uint)i))];
        foreach (SocketAddress client in known)
        {
            Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(_ => rates.IsOver(client, 0)));
        }

        int shared = 0;
        for (uint i = 1_000; i < 100_000; i++)
        {
            shared += rates.IsOver(Clients.Numbered(i), 0) ? 1 : 0;
        }

        Assert.All(known, client => Assert.True(rates.IsOver(client, 0)));
        Assert.InRange(rates.Count, 500, 512);

        // 128 groups have three tokens each for all others.
        Assert.InRange(shared, 99_000 - 512 - (3 * 128), 99_000 - 400);
    }

    [Fact]
    public void At_the_bound_the_place_of_one_that_has_gone_is_taken()
    {
        var rates = new ClientRates(new ClientRateSettings(1) { Expiration = 10 }, mostClients: 32);
        for (uint i = 0; i < 10_000; i++)
        {
            rates.IsOver(Clients.Numbered(i), 0);
        }

        Assert.Equal(64, rates.Count);
        SocketAddress innocent = Clients.Of("198.51.100.1");
        Assert.True(rates.IsOver(innocent, Second / 2));
        Assert.False(rates.IsOver(innocent, 12 * Second));
        Assert.True(rates.IsOver(innocent, 12 * Second));
        Assert.Equal(64, rates.Count);
    }

    [Fact]
    public void Who_is_not_seen_for_long_is_forgotten_a_piece_at_a_time()
    {
        const int Most = 2_000;
        var rates = new ClientRates(new ClientRateSettings(1) { Expiration = 10, CleanupDelay = 4, ScanFraction = 2 }, Most);
        for (uint i = 0; i < 1_000; i++)
        {
            rates.IsOver(Clients.Numbered(i), 0);
        }

        rates.Clean(11 * Second);
        Assert.Equal(1_000, rates.Count);
        rates.Clean(12 * Second);
        Assert.InRange(rates.Count, 800, 950);
        for (int i = 0; i < 7; i++)
        {
            rates.Clean(12 * Second);
        }

        Assert.Equal(0, rates.Count);
    }

    [Fact]
    public void A_debt_is_not_forgotten()
    {
        var rates = new ClientRates(new ClientRateSettings(1, 1_000) { Expiration = 10, CleanupDelay = 1, ScanFraction = 1 });
        SocketAddress client = Clients.Of("2001:db8::1");
        for (int i = 0; i < 1_000; i++)
        {
            Assert.False(rates.IsOver(client, 0));
        }

        rates.Clean(100 * Second);
        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => !rates.IsOver(client, 100 * Second)));
    }

    [Fact]
    public void Nobody_is_forgotten_when_nothing_is_cleaned()
    {
        var rates = new ClientRates(new ClientRateSettings(1) { CleanupDelay = 0 }, mostClients: 30);
        for (uint i = 0; i < 1_000; i++)
        {
            rates.IsOver(Clients.Numbered(i), 0);
        }

        int count = rates.Count;
        rates.Clean(1_000_000 * Second);
        Assert.Equal(count, rates.Count);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void A_table_that_grows_keeps_every_bucket(int v6Mask)
    {
        const int Count = 66_000;
        var rates = new ClientRates(new ClientRateSettings(1, 2) { V6Mask = v6Mask }, mostClients: 200_000);
        int wrong = 0;
        for (uint i = 0; i < Count; i++)
        {
            wrong += rates.IsOver(Clients.Numbered(i), 0) ? 1 : 0;
            if (i % 2 == 0)
            {
                rates.IsOver(Clients.Numbered(i), 0);
            }
        }

        // The first call makes the table, each of the others moves a piece of the small one; who asks in between is moved at once.
        rates.Clean(0);
        for (int call = 0; call < 20; call++)
        {
            for (uint i = (uint)call; i < Count / 10; i += 20)
            {
                wrong += i % 2 == 0 == rates.IsOver(Clients.Numbered(i), 0) ? 0 : 1;
            }

            rates.Clean(0);
        }

        for (uint i = 0; i < Count; i++)
        {
            wrong += (i % 2 == 0 || i < Count / 10) == rates.IsOver(Clients.Numbered(i), 0) ? 0 : 1;
        }

        // One in many thousands finds no place in a table that is half full.
        Assert.InRange(wrong, 0, 20);
        Assert.InRange(rates.Count, Count * 0.99, Count);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Asking_allocates_nothing(int v6Mask)
    {
        var rates = new ClientRates(new ClientRateSettings(5) { V6Mask = v6Mask }, mostClients: 500);
        SocketAddress[] clients = [.. Enumerable.Range(0, 2_000).Select(static i => Clients.Numbered((uint)i))];
        int next = 0;
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                rates.IsOver(clients[next++ & 1_023], next);
            }
        });
    }

    private static void RunAll(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    private static SocketAddress ClientNumber(int number) => number % 2 == 0 ? Clients.Numbered(0xC0000200u + (uint)number) : Clients.Of($"2001:db8:0:{number / 10}::{number % 10}");
}
