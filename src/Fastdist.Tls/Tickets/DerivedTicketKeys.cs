using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fastdist.Tls.Files;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// Ticket keys that every node of a fleet makes for itself from one secret and the clock: a pure function of both,
/// so nothing is copied around after set-up.
/// </summary>
/// <remarks>
/// For another implementation. Time is cut into periods of P seconds; at Unix time t the period is
/// p = floor(t / P). With HKDF-SHA256 (RFC 5869):
/// <code>
/// PRK  = HKDF-Extract(salt = "fastdist ticket keys v1", IKM = the secret)
/// name = HKDF-Expand(PRK, "name" || uint64(P) || uint64(p), 16)
/// aes  = HKDF-Expand(PRK, "aes"  || uint64(P) || uint64(p), 32)
/// hmac = HKDF-Expand(PRK, "hmac" || uint64(P) || uint64(p), 32)
/// </code>
/// Strings are ASCII without a terminator, numbers big-endian. The key of p seals tickets; those of p - 1, p and
/// p + 1 open them, so that a ticket lives through at least one whole period and clocks may differ by nearly as much.
/// P is part of the derivation so that a fleet that changes it never meets a key of before again.
/// </remarks>
public sealed class DerivedTicketKeys
{
    /// <summary>Fewest bytes of a secret, those of the strongest key made from it.</summary>
    public const int MinSecretSize = 32;

    /// <summary>Most bytes of a secret.</summary>
    public const int MaxSecretSize = 4096;

    /// <summary>Periods whose keys open tickets: the previous, the current and the next.</summary>
    internal const int Accepted = 3;

    private readonly byte[] _pseudoRandomKey = GC.AllocateUninitializedArray<byte>(SHA256.HashSizeInBytes, pinned: true);

    /// <param name="secret"><see cref="MinSecretSize"/> to <see cref="MaxSecretSize"/> bytes that are hard to guess; kept only in extracted form.</param>
    /// <param name="period">Seconds that a key is active; the same on every node.</param>
    /// <exception cref="ArgumentOutOfRangeException">The secret has more or fewer bytes, or the period is not positive.</exception>
    public DerivedTicketKeys(ReadOnlySpan<byte> secret, int period = TicketKeyRotation.DefaultDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, MinSecretSize, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, MaxSecretSize, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        Period = period;
        HKDF.Extract(HashAlgorithmName.SHA256, secret, "fastdist ticket keys v1"u8, _pseudoRandomKey);
    }

    /// <summary>Wipes what the keys are made from.</summary>
    ~DerivedTicketKeys() => CryptographicOperations.ZeroMemory(_pseudoRandomKey);

    /// <summary>Seconds that a key is active.</summary>
    public int Period { get; }

    /// <summary>Reads a secret: the file's bytes as they are, a line break at the end included.</summary>
    /// <param name="path">The file.</param>
    /// <param name="period">Seconds that a key is active; the same on every node.</param>
    /// <param name="warnings">What an operator should know, though it works.</param>
    /// <exception cref="TlsConfigurationException">It cannot be read, or is shorter or longer than a secret may be.</exception>
    public static DerivedTicketKeys ReadFile(string path, int period, out string[] warnings)
    {
        byte[] secret = OperatorFile.ReadSecret("ticketKeySecretFile", path, MaxSecretSize, out warnings);
        try
        {
            return secret.Length >= MinSecretSize
                ? new DerivedTicketKeys(secret, period)
                : throw new TlsConfigurationException(
                    $"ticketKeySecretFile={path}: holds {secret.Length} bytes, at least {MinSecretSize} are needed; make one with: head -c 32 /dev/urandom");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The period of a time.</summary>
    /// <param name="unixSeconds">Seconds since 1970; times before count as 1970.</param>
    public long PeriodAt(long unixSeconds) => Math.Max(unixSeconds, 0) / Period;

    /// <summary>The key that is active in a period.</summary>
    public TicketKey KeyOf(long period)
    {
        Span<byte> key = stackalloc byte[TicketKey.Size];
        Expand("name", period, key[..TicketKey.NameSize]);
        Expand("aes", period, key.Slice(TicketKey.NameSize, TicketKey.AesSize));
        Expand("hmac", period, key[^TicketKey.HmacSize..]);
        var made = new TicketKey(key);
        CryptographicOperations.ZeroMemory(key);
        return made;
    }

    /// <summary>What a node seals and opens tickets with during a period.</summary>
    internal TicketKeySet KeysOf(long period) => new([KeyOf(period), KeyOf(period - 1), KeyOf(period + 1)], isDerived: true);

    private void Expand(string label, long period, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[label.Length + (2 * sizeof(ulong))];
        Encoding.ASCII.GetBytes(label, info);
        BinaryPrimitives.WriteInt64BigEndian(info[label.Length..], Period);
        BinaryPrimitives.WriteInt64BigEndian(info[(label.Length + sizeof(ulong))..], period);
        HKDF.Expand(HashAlgorithmName.SHA256, _pseudoRandomKey, output, info);
        GC.KeepAlive(this);
    }
}
