using System;
using System.Buffers.Binary;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Fastdist.Tls.Tickets;
using NSec.Cryptography;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Every node with the secret makes the same keys, as the documentation says.</summary>
public class DerivedTicketKeysTests
{
    private const int Period = 43_200;
    private const long Now = 1_700_000_000;

    private static readonly byte[] s_secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(32, 0)]
    [InlineData(32, 39_351)]
    [InlineData(33, long.MaxValue)]
    [InlineData(128, 1)]
    public void Keys_are_what_an_independent_implementation_derives(int size, long period)
    {
        byte[] secret = new byte[size];
        new Random(size).NextBytes(secret);
        TicketKey key = new DerivedTicketKeys(secret, Period).KeyOf(period);
        Assert.Equal(Expand(secret, "name", period, 16), key.Name.ToArray());
        Assert.Equal(Expand(secret, "aes", period, 32), key.Aes.ToArray());
        Assert.Equal(Expand(secret, "hmac", period, 32), key.Hmac.ToArray());
    }

    [Fact]
    public void The_key_of_a_period_never_changes_from_release_to_release()
    {
        TicketKey key = new DerivedTicketKeys(s_secret, Period).KeyOf(39_351);
        Assert.Equal(
            "d0f730240423f13fe7ae3eed05a215c830d9af7ffdd94529d114a828dab250f4fbdf339557736ecfe5e19b8065409211244d7890a46f96f08133f7c73e5f82d77bf81551cd0568bcd3378a90f38df125",
            Convert.ToHexStringLower(key.Bytes.Span));
    }

    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42,
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Both_implementations_pass_the_vectors_of_RFC_5869(string secret, string salt, string info, int length, string extracted, string expanded)
    {
        byte[] keyBytes = Convert.FromHexString(secret), saltBytes = Convert.FromHexString(salt), infoBytes = Convert.FromHexString(info);
        byte[] pseudoRandom = HKDF.Extract(HashAlgorithmName.SHA256, keyBytes, saltBytes);
        Assert.Equal(extracted, Convert.ToHexStringLower(pseudoRandom));
        Assert.Equal(expanded, Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, length, infoBytes)));

        HkdfSha256 independent = KeyDerivationAlgorithm.HkdfSha256;
        Assert.Equal(extracted, Convert.ToHexStringLower(Extract(independent, keyBytes, saltBytes)));
        Assert.Equal(expanded, Convert.ToHexStringLower(independent.Expand(pseudoRandom, infoBytes, length)));
    }

    [Fact]
    public void Another_secret_period_or_period_length_is_another_key()
    {
        var keys = new DerivedTicketKeys(s_secret, Period);
        byte[] other = [.. s_secret];
        other[31] ^= 1;
        Assert.True(keys.KeyOf(7).IsSameAs(new DerivedTicketKeys(s_secret, Period).KeyOf(7)));
        Assert.False(keys.KeyOf(7).IsSameAs(keys.KeyOf(8)));
        Assert.False(keys.KeyOf(7).IsSameAs(new DerivedTicketKeys(s_secret, Period + 1).KeyOf(7)));
        Assert.False(keys.KeyOf(7).IsSameAs(new DerivedTicketKeys(other, Period).KeyOf(7)));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    public void Periods_are_whole_multiples_of_their_length_since_1970(long seconds, long period)
    {
        var keys = new DerivedTicketKeys(s_secret, 100);
        Assert.Equal(period, keys.PeriodAt(seconds));
    }

    [Fact]
    public void A_ring_seals_with_the_current_key_and_opens_with_the_one_before_and_the_one_after()
    {
        var keys = new DerivedTicketKeys(s_secret, Period);
        long period = Now / Period;
        var ring = new TicketKeyStore(keys, Now);
        Assert.True(ring.IsDerived);
        Assert.Equal(3, ring.Count);
        Assert.True(ring.Current.Active!.IsSameAs(keys.KeyOf(period)));
        Assert.NotNull(ring.Current.Find(keys.KeyOf(period - 1).Name));
        Assert.NotNull(ring.Current.Find(keys.KeyOf(period + 1).Name));
        Assert.Null(ring.Current.Find(keys.KeyOf(period - 2).Name));
        Assert.Null(ring.Current.Find(keys.KeyOf(period + 2).Name));

        long nextChange = (period + 1) * Period;
        Assert.False(ring.Derive(nextChange - 1));
        Assert.True(ring.Derive(nextChange));
        Assert.True(ring.Current.Active!.IsSameAs(keys.KeyOf(period + 1)));
    }

    [Fact]
    public void A_derived_ring_takes_no_other_keys_and_another_secret_replaces_all()
    {
        var ring = new TicketKeyStore(new DerivedTicketKeys(s_secret, Period), Now);
        Assert.Throws<InvalidOperationException>(ring.Rotate);
        Assert.Throws<InvalidOperationException>(() => ring.Load([TicketKey.CreateRandom()]));
        Assert.Throws<InvalidOperationException>(() => new TicketKeyStore().Derive(Now));
        var other = new DerivedTicketKeys(new byte[32], 100);
        ring.Derive(other, Now);
        Assert.True(ring.Current.Active!.IsSameAs(other.KeyOf(Now / 100)));
    }

    [Theory]
    [InlineData(0, TicketUse.Active)]
    [InlineData(1, TicketUse.Inactive)]
    [InlineData(-1, TicketUse.Inactive)]
    [InlineData(2, TicketUse.Unknown)]
    [InlineData(-2, TicketUse.Unknown)]
    public void Nodes_resume_each_others_sessions_while_their_clocks_are_within_a_period(int periodsLater, TicketUse use)
    {
        using var client = new TicketClient();
        using TlsContext one = client.Server(Ring(Now));
        using TlsContext other = client.Server(Ring(Now + (periodsLater * Period)));
        client.Visit(one);
        Assert.Equal(new Visit(use != TicketUse.Unknown, use), client.Visit(other));
        Assert.Equal(new Visit(true, TicketUse.Active), client.Visit(other));
    }

    [Fact]
    public void No_TLS_1_2_ticket_is_made_under_derived_keys_though_one_is_under_random_keys()
    {
        using var client = new TicketClient(TlsVersion.Tls12);
        using TlsContext derived = client.Server(Ring(Now));
        using TlsContext random = client.Server(new TicketKeyStore());
        Assert.Equal(new Visit(false, TicketUse.None), client.Visit(derived));
        Assert.Equal(0, client.Sessions.Count);
        Assert.Equal(new Visit(false, TicketUse.None), client.Visit(random));
        Assert.Equal(new Visit(true, TicketUse.Active), client.Visit(random));
    }

    [Fact]
    public void No_TLS_1_2_ticket_is_accepted_under_derived_keys()
    {
        using var client = new TicketClient(TlsVersion.Tls12);
        using TlsContext derived = client.Server(Ring(Now));

        // A node with another idea of the rule seals with the same key.
        using TlsContext lax = client.Server(new TicketKeyStore(1, [new DerivedTicketKeys(s_secret, Period).KeyOf(Now / Period)]));
        client.Visit(lax);
        Assert.Equal(new Visit(false, TicketUse.Refused), client.Visit(derived));
    }

    private static TicketKeyStore Ring(long unixSeconds) => new(new DerivedTicketKeys(s_secret, Period), unixSeconds);

    private static byte[] Expand(byte[] secret, string label, long period, int length)
    {
        HkdfSha256 independent = KeyDerivationAlgorithm.HkdfSha256;
        byte[] info = [.. Encoding.ASCII.GetBytes(label), .. BigEndian(Period), .. BigEndian(period)];
        return independent.Expand(Extract(independent, secret, "fastdist ticket keys v1"u8), info, length);
    }

    private static byte[] Extract(HkdfSha256 algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt)
    {
        using SharedSecret shared = SharedSecret.Import(secret, SharedSecretBlobFormat.RawSharedSecret);
        return algorithm.Extract(shared, salt);
    }

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
