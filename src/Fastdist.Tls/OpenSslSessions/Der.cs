using System;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>OpenSSL's objects as DER.</summary>
internal static unsafe class Der
{
    /// <summary>An i2d function: writes to the place and moves it on, or only measures when there is none.</summary>
    public delegate int Encoder(nint thing, byte** place);

    /// <summary>Encodes an object; empty when it cannot be.</summary>
    /// <returns>Memory that does not move, so that who wipes a secret in it leaves no copy behind.</returns>
    public static byte[] Encode(nint thing, Encoder encoder)
    {
        byte[] der = GC.AllocateUninitializedArray<byte>(Math.Max(encoder(thing, null), 0), pinned: true);
        fixed (byte* bytes = der)
        {
            byte* place = bytes;
            _ = der.Length > 0 ? encoder(thing, &place) : 0;
        }

        return der;
    }
}
