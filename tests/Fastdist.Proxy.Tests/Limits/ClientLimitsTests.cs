using System;
using System.Linq;
using System.Net;
using System.Threading;
using Fastdist.Proxy.Frontends;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Limits;

public class ClientLimitsTests
{
    [Fact]
    public void The_total_is_a_limit_for_all_clients_together()
    {
        var limits = new ClientLimits(2, 0);
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
        Assert.True(limits.TryEnter(Client("192.0.2.2")));
        Assert.False(limits.TryEnter(Client("192.0.2.3")));
        limits.Leave(Client("192.0.2.1"));
        Assert.True(limits.TryEnter(Client("192.0.2.3")));
    }

    [Fact]
    public void Without_a_limit_a_client_may_have_them_all()
    {
        var limits = new ClientLimits(100, 0);
        Assert.Equal(100, Enumerable.Range(0, 150).Count(_ => limits.TryEnter(Client("192.0.2.1"))));
    }

    [Fact]
    public void A_clients_limit_is_its_own()
    {
        var limits = new ClientLimits(100, 2);
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
        Assert.False(limits.TryEnter(Client("192.0.2.1")));
        Assert.True(limits.TryEnter(Client("192.0.2.2")));
        limits.Leave(Client("192.0.2.1"));
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
    }

    [Fact]
    public void A_client_is_its_address_whatever_the_port()
    {
        var limits = new ClientLimits(100, 1);
        Assert.True(limits.TryEnter(Client("2001:db8::1", 1000)));
        Assert.False(limits.TryEnter(Client("2001:db8::1", 1001)));
        limits.Leave(Client("2001:db8::1", 1002));
        Assert.True(limits.TryEnter(Client("2001:db8::1", 1003)));
    }

    [Fact]
    public void An_ipv4_client_and_the_ipv6_one_with_the_same_bits_are_two()
    {
        var limits = new ClientLimits(100, 1);
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
        Assert.True(limits.TryEnter(Client("::192.0.2.1")));
        Assert.True(limits.TryEnter(Client("::ffff:192.0.2.1")));
    }

    [Fact]
    public void Ipv6_clients_differ_in_every_byte_of_the_address()
    {
        var limits = new ClientLimits(100, 1);
        Assert.True(limits.TryEnter(Client("2001:db8::1")));
        Assert.True(limits.TryEnter(Client("3001:db8::1")));
        Assert.True(limits.TryEnter(Client("2001:db8::2")));
        Assert.True(limits.TryEnter(Client("2001:db8:0:1::1")));
    }

    [Fact]
    public void A_refused_client_counts_for_nothing()
    {
        var limits = new ClientLimits(2, 1);
        Assert.True(limits.TryEnter(Client("192.0.2.1")));
        for (int i = 0; i < 10; i++)
        {
            Assert.False(limits.TryEnter(Client("192.0.2.1")));
        }

        Assert.True(limits.TryEnter(Client("192.0.2.2")));
        for (int i = 0; i < 10; i++)
        {
            Assert.False(limits.TryEnter(Client("192.0.2.3")));
        }

        limits.Leave(Client("192.0.2.1"));
        limits.Leave(Client("192.0.2.2"));
        Assert.True(limits.TryEnter(Client("192.0.2.3")));
        Assert.True(limits.TryEnter(Client("192.0.2.4")));
    }

    [Fact]
    public void Threads_that_come_and_go_never_pass_a_limit_and_leave_nothing_behind()
    {
        const int MaxTotal = 12;
        const int MaxPerClient = 3;
        var limits = new ClientLimits(MaxTotal, MaxPerClient);
        SocketAddress[] clients = [.. Enumerable.Range(1, 8).Select(i => Client(i % 2 == 0 ? $"192.0.2.{i}" : $"2001:db8::{i}"))];
        var inside = new int[clients.Length];
        int total = 0;
        int worst = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (int round = 0; round < 20_000; round++)
            {
                // Five at a time, so that four threads together want more than either limit.
                int[] picks = [.. Enumerable.Range(0, 5).Select(_ => random.Next(clients.Length)).Where(pick => limits.TryEnter(clients[pick]))];
                foreach (int pick in picks)
                {
                    bool over = Interlocked.Increment(ref inside[pick]) > MaxPerClient | Interlocked.Increment(ref total) > MaxTotal;
                    Interlocked.Add(ref worst, over ? 1 : 0);
                }

                foreach (int pick in picks)
                {
                    Interlocked.Decrement(ref inside[pick]);
                    Interlocked.Decrement(ref total);
                    limits.Leave(clients[pick]);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, worst);
        Assert.Equal(MaxPerClient, Enumerable.Range(0, 10).Count(_ => limits.TryEnter(clients[0])));
        Assert.Equal(MaxTotal - MaxPerClient, Enumerable.Range(0, 100).Count(i => limits.TryEnter(clients[1 + (i % 7)])));
    }

    private static SocketAddress Client(string address, int port = 4000) => SocketAddress.From(new IPEndPoint(IPAddress.Parse(address), port));
}
