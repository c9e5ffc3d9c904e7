using System;
using System.Globalization;
using System.IO;
using System.Net;
using Fastdist.Cache.Answers;
using Fastdist.Cache.Storage;
using Fastdist.Dns;

namespace Fastdist.Cache;

/// <summary>Writes a line about each answer, in the form of dnsdist's <c>dump</c>.</summary>
/// <param name="writer">Where to.</param>
/// <param name="isRaw">Whether answers are written, too, in base64.</param>
/// <param name="now">The time, seconds of the cache's clock.</param>
/// <param name="hash">Hashes a key, of which a line has 32 bits.</param>
internal struct CacheDump(TextWriter writer, bool isRaw, uint now, CacheDump.KeyHash hash) : IEntryVisitor
{
    private readonly long _started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Hashes a key.</summary>
    internal delegate ulong KeyHash(ReadOnlySpan<byte> key);

    /// <summary>Entries written.</summary>
    public long Written { get; private set; }

    /// <inheritdoc/>
    public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if ((head.Traits & EntryTraits.Scopes) != 0)
        {
            return Verdict.Keep;
        }

        ReadOnlySpan<byte> message = KeptAnswer.MessageOf(value);
        KeyTraits traits = CacheKey.TraitsOf(key);
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Names.ToText(CacheKey.NameOf(key))} {(long)head.Ends - now} {RecordClasses.ToText(CacheKey.ClassOf(key))} {RecordTypes.ToText(CacheKey.TypeOf(key))} ; ecs {NetworkText(key)}, rcode {head.Rcode}, key {(uint)hash(key)}, length {message.Length}, received over UDP 0, added {_started - EntryWorth.AgeOf(in head, now)}, dnssecOK {((traits & KeyTraits.DnssecOk) != 0 ? 1 : 0)}, raw query flags {Flags(traits)}"));
        writer.WriteLine(isRaw ? $" ; {Convert.ToBase64String(message)}" : "");
        Written++;
        return Verdict.Keep;
    }

    /// <summary>The network that an answer is for, as dnsdist writes it, which has none there as a rule.</summary>
    private static string NetworkText(ReadOnlySpan<byte> key)
    {
        if (CacheKey.NetworkOf(key, out ReadOnlySpan<byte> address, out int length, out int prefix) != NetworkKind.One)
        {
            return "empty";
        }

        Span<byte> whole = stackalloc byte[length];
        whole.Clear();
        address.CopyTo(whole);
        return $"{new IPAddress(whole)}/{prefix.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The header's flags as a machine of little endian reads their two bytes.</summary>
    private static int Flags(KeyTraits traits) =>
        ((traits & KeyTraits.RecursionDesired) != 0 ? 0x0001 : 0) | ((traits & KeyTraits.CheckingDisabled) != 0 ? 0x1000 : 0) | ((traits & KeyTraits.AuthenticData) != 0 ? 0x2000 : 0);
}
