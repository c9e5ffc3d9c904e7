using System;
using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>Times as certificates hold them.</summary>
internal static unsafe partial class Asn1Time
{
    private const int FirstYear = 1900;

    /// <summary>The moment that an ASN1_TIME names; the end of time when it names none. A peer may name the year 0, which .NET has not.</summary>
    public static DateTimeOffset Of(nint time)
    {
        BrokenDownTime parts;
        if (ASN1_TIME_to_tm(time, &parts) != 1)
        {
            return DateTimeOffset.MaxValue;
        }

        return parts.Year + FirstYear < 1
            ? DateTimeOffset.MinValue
            : new DateTimeOffset(parts.Year + FirstYear, parts.Month + 1, parts.Day, parts.Hour, parts.Minute, Math.Min(parts.Second, 59), TimeSpan.Zero);
    }

    [LibraryImport("libcrypto")]
    private static partial int ASN1_TIME_to_tm(nint time, BrokenDownTime* parts);

    /// <summary>struct tm, as far as it is read.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 56)]
    private struct BrokenDownTime
    {
        public int Second, Minute, Hour, Day, Month, Year;
    }
}
