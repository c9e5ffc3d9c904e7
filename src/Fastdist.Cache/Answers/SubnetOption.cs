using System;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>The one edns-client-subnet option of a message (RFC 7871): the network that a query tells, and the scope of an answer.</summary>
internal static class SubnetOption
{
    /// <summary>Bytes of the longest address.</summary>
    private const int MaxAddress = 16;

    /// <summary>Finds it among options that are well-formed; false when there is none, or several, of which nobody knows which is meant.</summary>
    public static bool TryFind(ReadOnlySpan<byte> options, out ReadOnlySpan<byte> data) => Count(options, out data) == 1;

    /// <summary>
    /// Reads for which networks an answer to a query that told one is (RFC 7871 section 7.3). An answer without the option, and one to a query that
    /// told no bits, is for all.
    /// </summary>
    /// <param name="answer">The answer as the backend sent it.</param>
    /// <param name="address">The address that it was told, 4 or 16 bytes.</param>
    /// <param name="prefix">SOURCE PREFIX-LENGTH that it was told, bits.</param>
    /// <param name="scope">SCOPE PREFIX-LENGTH, which may be longer than what was told; 0 for all networks.</param>
    /// <returns>False when the option is broken, is there several times, or speaks of a network that was not told: such an answer is not to be kept.</returns>
    public static bool TryReadScope(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> address, int prefix, out int scope)
    {
        scope = 0;
        if (!BareAnswer.TryRead(answer, out BareAnswer bare))
        {
            return false;
        }

        int count = Count(bare.Options, out ReadOnlySpan<byte> data);
        if (count != 1)
        {
            return count == 0;
        }

        Span<byte> told = stackalloc byte[CacheKey.MaxNetworkSize];
        Span<byte> echoed = stackalloc byte[CacheKey.MaxNetworkSize];
        Span<byte> echo = stackalloc byte[MaxAddress];
        if (!ClientSubnet.TryRead(data, echo, out int addressLength, out int source, out scope))
        {
            return false;
        }

        // Where no bits were told, the family is nobody's business.
        if (prefix == 0 && source == 0)
        {
            scope = 0;
            return true;
        }

        int toldSize = CacheKey.AddNetwork(told, 0, NetworkKind.One, address, prefix);
        int echoedSize = CacheKey.AddNetwork(echoed, 0, NetworkKind.One, echo[..addressLength], source);
        return told[..toldSize].SequenceEqual(echoed[..echoedSize]);
    }

    private static int Count(ReadOnlySpan<byte> options, out ReadOnlySpan<byte> data)
    {
        data = default;
        int count = 0;
        OptionWalk walk = OptionWalk.Over(options);
        while (walk.Next())
        {
            if ((EdnsOption)walk.Code == EdnsOption.ClientSubnet)
            {
                data = walk.Data;
                count++;
            }
        }

        return count;
    }
}
