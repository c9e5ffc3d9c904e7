using System.Collections.Generic;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Certificates;

/// <summary>Certificate, chain and key in one file (RFC 7292).</summary>
internal static unsafe class Pkcs12
{
    /// <exception cref="TlsConfigurationException">It is none, or cannot be opened.</exception>
    public static KeyMaterial Load(byte[] content, TlsCertificateFile file)
    {
        string where = $"cert={file.CertificateFile}";
        nint store;
        long rest;
        fixed (byte* bytes = content)
        {
            byte* at = bytes;
            store = OpenSsl.d2i_PKCS12(null, &at, content.Length);
            rest = bytes + content.Length - at;
        }

        if (store == 0)
        {
            OpenSsl.ERR_clear_error();
            throw new TlsConfigurationException($"{where}: neither PEM (-----BEGIN CERTIFICATE-----) nor PKCS#12");
        }

        if (rest > 0)
        {
            OpenSsl.PKCS12_free(store);
            throw new TlsConfigurationException($"{where}: {rest} bytes follow what is PKCS#12 in it: write it anew");
        }

        nint key = 0, leaf = 0, chain = 0;
        int opened = OpenSsl.PKCS12_parse(store, file.Password ?? "", &key, &leaf, &chain);
        OpenSsl.PKCS12_free(store);
        if (opened != 1)
        {
            throw new TlsConfigurationException($"{where}: {Explain(file)}");
        }

        KeyMaterial material = KeyMaterial.Own(leaf, Unstack(chain), key);
        if (leaf == 0 || key == 0)
        {
            material.Dispose();
            throw new TlsConfigurationException($"{where}: the PKCS#12 file holds no {(leaf == 0 ? "certificate" : "private key")}");
        }

        material.RequireMatch($"{where}: key and certificate in it do not belong together");
        return material;
    }

    private static string Explain(TlsCertificateFile file)
    {
        string reason = TlsErrors.TakeQueue();
        if (reason.Contains("unsupported", System.StringComparison.Ordinal) || reason.Contains("fetch", System.StringComparison.Ordinal))
        {
            // RC2 and 40-bit ciphers are in OpenSSL's legacy provider, which a static binary cannot load.
            return "it is encrypted with a legacy cipher (RC2, RC4 or DES) that this binary does not have: write it anew with "
                + $"openssl pkcs12 -legacy -in {file.CertificateFile} -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out new.p12";
        }

        return file.Password is null ? "it is encrypted: add password=TEXT" : $"the password does not open it ({reason})";
    }

    private static List<nint> Unstack(nint stack)
    {
        var items = new List<nint>();
        for (int i = 0; stack != 0 && i < OpenSsl.OPENSSL_sk_num(stack); i++)
        {
            items.Add(OpenSsl.OPENSSL_sk_value(stack, i));
        }

        if (stack != 0)
        {
            OpenSsl.OPENSSL_sk_free(stack);
        }

        return items;
    }
}
