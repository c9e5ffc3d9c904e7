using System;
using CsCheck;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>Who is remembered, and for how long.</summary>
public class ClientStripeTests
{
    private const long Second = LimitsBench.Second;
    private static readonly ClientLimitOptions s_options = new() { MaxConnectionRatePerClient = 1, RateBurstSeconds = 5, MaxConnectionsPerClient = 10 };

    [Fact]
    public void A_client_is_remembered_until_its_rates_are_as_if_it_had_never_come()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 100);
        Visit(stripe, Key(1), times: 3, now: Second);
        Assert.Equal(1, CountAt(stripe, Second));
        Assert.Equal(1, CountAt(stripe, (4 * Second) - 1));
        Assert.Equal(0, CountAt(stripe, 4 * Second));
    }

    [Fact]
    public void A_client_is_remembered_until_its_ban_is_over()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 100);
        stripe.Ban(Key(1), Second, seconds: 60);
        Assert.Equal(1, CountAt(stripe, (61 * Second) - 1));
        Assert.Equal(0, CountAt(stripe, 61 * Second));
    }

    [Fact]
    public void A_client_with_a_connection_is_remembered_for_ever()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 1);
        stripe.TryEnter(Key(1), hasRoom: true, Second);
        for (int i = 2; i < 100; i++)
        {
            Visit(stripe, Key(i), times: 1, now: Second);
        }

        Assert.Equal(2, CountAt(stripe, Second));
        Assert.Equal(1, CountAt(stripe, 1_000_000 * Second));
    }

    [Fact]
    public void One_that_leaves_after_its_rates_recovered_is_forgotten_at_once()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 100);
        stripe.TryEnter(Key(1), hasRoom: true, Second);
        Assert.Equal(1, CountAt(stripe, 3 * Second));
        stripe.Leave(Key(1));
        Assert.Equal(0, stripe.Count);
    }

    [Fact]
    public void Strangers_displace_those_longest_unchanged_and_keep_nobody_out()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 3);
        for (int i = 1; i <= 3; i++)
        {
            stripe.Ban(Key(i), Second, seconds: 60);
        }

        stripe.Ban(Key(1), Second, seconds: 90);
        Assert.Equal(Admission.Admitted, Visit(stripe, Key(4), times: 1, now: Second));
        Assert.Equal(3, stripe.Count);
        Assert.Equal(Admission.Admitted, stripe.TryEnter(Key(2), hasRoom: true, Second));
        Assert.Equal(Admission.Banned, stripe.TryEnter(Key(1), hasRoom: true, Second));
        Assert.Equal(Admission.Banned, stripe.TryEnter(Key(3), hasRoom: true, Second));
    }

    [Fact]
    public void Nothing_is_held_against_a_client_that_another_one_displaced_did()
    {
        var options = new ClientLimitOptions { MaxTlsNewSessionRatePerClient = 1, MaxTlsResumedSessionRatePerClient = 1, MaxConnectionRatePerClient = 1, RateBurstSeconds = 1 };
        var stripe = new ClientStripe(options, maxIdle: 1);
        Visit(stripe, Key(1), times: 1, now: Second);
        stripe.SessionEstablished(Key(1), resumed: false, Second);
        stripe.SessionEstablished(Key(1), resumed: true, Second);
        stripe.Ban(Key(1), Second, seconds: 60);
        stripe.Ban(Key(2), Second, seconds: 60);
        Assert.Equal(1, stripe.Count);

        Assert.True(stripe.SessionEstablished(Key(3), resumed: false, Second));
        Assert.True(stripe.SessionEstablished(Key(3), resumed: true, Second));
        Assert.Equal(Admission.Admitted, stripe.TryEnter(Key(3), hasRoom: true, Second));
    }

    [Fact]
    public void Those_refused_for_want_of_room_are_not_remembered()
    {
        var stripe = new ClientStripe(s_options, maxIdle: 100);
        Assert.Equal(Admission.TooMany, stripe.TryEnter(Key(1), hasRoom: false, Second));
        Assert.Equal(0, stripe.Count);
    }

    /// <summary>Each number says what happens: to whom, what, and how much later.</summary>
    [Fact]
    public void However_they_come_and_go_no_more_are_remembered_than_connected_and_the_bound_and_none_for_ever() =>
        Gen.Select(Gen.Int[1, 8], Gen.UInt.Array[0, 300]).Sample((maxIdle, row) =>
        {
            var stripe = new ClientStripe(s_options, maxIdle);
            var connections = new int[40];
            long now = Second;
            int connected = 0;
            foreach (uint operation in row)
            {
                int client = (int)(operation % 40);
                ClientKey key = Key(client);
                now += (operation >> 8) % (Second / 5);
                if (operation >> 28 < 8 && stripe.TryEnter(in key, hasRoom: true, now) == Admission.Admitted)
                {
                    connected += connections[client]++ == 0 ? 1 : 0;
                }
                else if (operation >> 28 < 14 && connections[client] > 0)
                {
                    stripe.Leave(in key);
                    connected -= --connections[client] == 0 ? 1 : 0;
                }
                else if (operation >> 28 == 15)
                {
                    stripe.Ban(in key, now, (int)(operation >> 8) % 60);
                }

                Assert.InRange(stripe.Count, connected, connected + maxIdle);
            }

            // Nobody asks for those that stand in the row, and still they go.
            now += 120 * Second;
            for (int i = 0; i < maxIdle; i++)
            {
                stripe.IsBanned(Key(1000), now);
            }

            Assert.Equal(connected, stripe.Count);
        }, iter: 500);

    /// <summary>Comes and goes at once, so many times.</summary>
    private static Admission Visit(ClientStripe stripe, ClientKey key, int times, long now)
    {
        Admission admission = default;
        for (int i = 0; i < times; i++)
        {
            admission = stripe.TryEnter(in key, hasRoom: true, now);
            stripe.Leave(in key);
        }

        return admission;
    }

    /// <summary>Tells the stripe the time by asking for somebody it has never seen.</summary>
    private static int CountAt(ClientStripe stripe, long now)
    {
        stripe.IsBanned(Key(int.MaxValue), now);
        return stripe.Count;
    }

    private static ClientKey Key(int number) => new((UInt128)number, 0, true);
}
