using System;
using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>Times as certificates hold them.</summary>
internal static unsafe partial class Asn1Time
{
    /// <summary>The moment that an ASN1_TIME names; the end of time when it names none.</summary>
    public static DateTimeOffset Of(nint time)
    {
        BrokenDownTime parts;
        return ASN1_TIME_to_tm(time, &parts) == 1
            ? new DateTimeOffset(parts.Year + 1900, parts.Month + 1, parts.Day, parts.Hour, parts.Minute, parts.Second, TimeSpan.Zero)
            : DateTimeOffset.MaxValue;
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
