using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

public class TicketKeyStoreTests
{
    [Fact]
    public void A_rotation_puts_a_new_key_on_top_and_drops_the_oldest_beyond_the_capacity()
    {
        var ring = new TicketKeyStore(capacity: 3);
        var active = new List<TicketKey>();
        for (int i = 0; i < 5; i++)
        {
            active.Insert(0, ring.Current.Active!);
            Assert.Equal(active.Take(3), ring.Current.Keys.ToArray());
            ring.Rotate();
        }

        Assert.Equal(3, ring.Count);
        Assert.DoesNotContain(active, key => key == ring.Current.Active);
    }

    [Fact]
    public void A_load_puts_its_keys_on_top_with_the_last_active()
    {
        TicketKey[] keys = Keys(3);
        var ring = new TicketKeyStore(capacity: 5);
        TicketKey before = ring.Current.Active!;
        ring.Load(keys);
        Assert.Equal([keys[2], keys[1], keys[0], before], ring.Current.Keys.ToArray());
    }

    [Fact]
    public void A_file_loaded_again_takes_no_second_place()
    {
        var ring = new TicketKeyStore(5, Keys(3));
        ring.Load(Keys(3));
        Assert.Equal(3, ring.Count);

        // What a rotation of the file does: the first key leaves, a new one comes to the end.
        ring.Load([.. Keys(4).Skip(1)]);
        Assert.Equal([4, 3, 2, 1], ring.Current.Keys.ToArray().Select(key => (int)key.Name[0]));
    }

    [Fact]
    public void Of_more_keys_than_it_keeps_a_ring_takes_the_last()
    {
        TicketKey[] keys = Keys(7);
        Assert.Equal([keys[6], keys[5], keys[4]], new TicketKeyStore(3, keys).Current.Keys.ToArray());
    }

    [Fact]
    public void A_ring_of_no_keys_stays_empty()
    {
        var ring = new TicketKeyStore(capacity: 0);
        ring.Rotate();
        ring.Load(Keys(2));
        Assert.Equal(0, ring.Count);
        Assert.Null(ring.Current.Active);
    }

    [Fact]
    public void Random_keys_differ()
    {
        TicketKey one = TicketKey.CreateRandom(), other = TicketKey.CreateRandom();
        Assert.False(one.IsSameAs(other));
        Assert.NotEqual(one.Name.ToArray(), other.Name.ToArray());
        Assert.NotEqual(one.Aes.ToArray(), other.Aes.ToArray());
        Assert.NotEqual(one.Hmac.ToArray(), other.Hmac.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(79)]
    [InlineData(81)]
    public void A_key_has_80_bytes(int length) => Assert.Throws<ArgumentException>(() => new TicketKey(new byte[length]));

    [Fact]
    public void The_bytes_of_a_key_are_wiped_once_nothing_refers_to_it()
    {
        Memory<byte> bytes = BytesOfADroppedKey();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(new byte[TicketKey.Size], bytes.ToArray());
    }

    [Fact]
    public void A_rotation_is_due_when_the_delay_is_over_and_any_load_postpones_it()
    {
        var rotation = new TicketKeyRotation(delay: 100, now: 1000);
        Assert.Equal(1100, rotation.Next);
        Assert.False(rotation.IsDue(1099));
        Assert.True(rotation.IsDue(1100));
        rotation.Postpone(1099);
        Assert.False(rotation.IsDue(1100));
        Assert.True(rotation.IsDue(1199));
    }

    [Fact]
    public void Without_a_delay_no_rotation_is_ever_due()
    {
        var rotation = new TicketKeyRotation(delay: 0, now: 1000);
        Assert.Null(rotation.Next);
        Assert.False(rotation.IsDue(long.MaxValue));
    }

    // A method of its own, so that no local of the test keeps the key alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Memory<byte> BytesOfADroppedKey()
    {
        var key = TicketKey.CreateRandom();
        Memory<byte> bytes = key.Bytes;
        Assert.NotEqual(new byte[TicketKey.Size], bytes.ToArray());
        return bytes;
    }

    /// <summary>Keys that are the same each time.</summary>
    private static TicketKey[] Keys(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new TicketKey([.. Enumerable.Repeat((byte)i, TicketKey.Size)]))];
}
