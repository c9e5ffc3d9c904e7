using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>Which versions, ciphers and groups an SSL_CTX takes; every refusal names the option and what is wrong in it.</summary>
internal static unsafe class CryptoPolicy
{
    /// <summary>What TLS 1.2 offers unless told otherwise, in OpenSSL's own order.</summary>
    private const string Aead = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
        + "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

    /// <summary>The best that TLS 1.0 and 1.1 have; they know no AEAD.</summary>
    private const string Cbc = "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA";

    /// <exception cref="TlsConfigurationException">OpenSSL refused a setting, or would have passed over part of it.</exception>
    public static void Apply(nint context, TlsOptions options)
    {
        if (options.MinVersion < TlsVersion.Tls12)
        {
            // OpenSSL 3 counts their SHA-1 as too weak for any level above. A level within ciphers comes later and wins.
            OpenSsl.SSL_CTX_set_security_level(context, 0);
        }

        SetCiphers(context, options.Ciphers.Length > 0 ? options.Ciphers : options.MinVersion < TlsVersion.Tls12 ? $"{Aead}:{Cbc}" : Aead);
        SetCiphersTls13(context, options.CiphersTls13);
        SetGroups(context, options.Curves);
    }

    private static void SetCiphers(nint context, string ciphers)
    {
        if (ciphers.Split(':', ',', ' ').FirstOrDefault(name => name.StartsWith("TLS_", StringComparison.Ordinal)) is { } suite)
        {
            throw new TlsConfigurationException($"ciphers={ciphers}: '{suite}' is a cipher suite of TLS 1.3 and belongs in ciphersTLS13");
        }

        if (OpenSsl.SSL_CTX_set_cipher_list(context, ciphers) != 1)
        {
            throw new TlsConfigurationException($"ciphers={ciphers}: {TlsErrors.TakeQueue()}");
        }
    }

    // OpenSSL passes over names it does not know as long as one is left.
    private static void SetCiphersTls13(nint context, string suites)
    {
        if (suites.Length == 0)
        {
            return;
        }

        int accepted = OpenSsl.SSL_CTX_set_ciphersuites(context, suites);
        OpenSsl.ERR_clear_error();
        List<string> known = accepted == 1 ? Ciphers(context) : [];
        if (suites.Split(':').FirstOrDefault(suite => !known.Contains(suite)) is { } unknown)
        {
            throw new TlsConfigurationException($"ciphersTLS13={suites}: {TlsLibrary.Version} has no TLS 1.3 cipher suite '{unknown}'");
        }
    }

    private static void SetGroups(nint context, string groups)
    {
        if (groups.Length == 0 || TrySetGroups(context, groups))
        {
            return;
        }

        string? unknown = groups.Split(':').FirstOrDefault(group => !TrySetGroups(context, group));
        throw new TlsConfigurationException(unknown is null
            ? $"ecdheCurves={groups}: not a list of groups"
            : $"ecdheCurves={groups}: {TlsLibrary.Version} has no group '{unknown}'");
    }

    private static bool TrySetGroups(nint context, string groups)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(groups + '\0'))
        {
            bool accepted = OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetGroupsList, 0, text) == 1;
            OpenSsl.ERR_clear_error();
            return accepted;
        }
    }

    private static List<string> Ciphers(nint context)
    {
        nint ciphers = OpenSsl.SSL_CTX_get_ciphers(context);
        return [.. Enumerable.Range(0, OpenSsl.OPENSSL_sk_num(ciphers))
            .Select(i => Marshal.PtrToStringUTF8((nint)OpenSsl.SSL_CIPHER_get_name(OpenSsl.OPENSSL_sk_value(ciphers, i))) ?? "")];
    }
}
