using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Files;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.Certificates;

/// <summary>
/// A certificate (X509), those that issued it, and its key (EVP_PKEY), as OpenSSL holds them.
/// Invariant: owns one reference to each from construction to <see cref="Dispose"/>.
/// </summary>
internal sealed unsafe class KeyMaterial : IDisposable
{
    private const int MostBytes = 1 << 20;

    private readonly List<nint> _chain;

    private KeyMaterial(nint leaf, List<nint> chain, nint key) => (Leaf, _chain, Key) = (leaf, chain, key);

    /// <summary>The certificate.</summary>
    public nint Leaf { get; private set; }

    /// <summary>Those that issued it, the nearest first.</summary>
    public IReadOnlyList<nint> Chain => _chain;

    private nint Key { get; set; }

    /// <summary>Reads PEM or PKCS#12 files.</summary>
    /// <exception cref="TlsConfigurationException">They cannot be used.</exception>
    public static KeyMaterial Load(TlsCertificateFile file)
    {
        byte[] bytes = OperatorFile.Read("cert", file.CertificateFile, MostBytes);
        if (!PemFile.IsOne(bytes))
        {
            return Pkcs12.Load(bytes, file);
        }

        string where = OperatorFile.Name("cert", file.CertificateFile);
        List<PemBlock> blocks = PemFile.Read(bytes, where);
        var material = new KeyMaterial(0, PemCertificates.Parse(blocks, where), 0);
        if (material._chain.Count == 0)
        {
            throw new TlsConfigurationException($"{where}: there is no certificate in it (-----BEGIN CERTIFICATE-----)");
        }

        material.Leaf = material._chain[0];
        material._chain.RemoveAt(0);
        try
        {
            material.Key = ReadKey(file, blocks);
            material.RequireMatch($"key={file.KeyFile ?? file.CertificateFile} does not belong to cert={file.CertificateFile}: name the key that its request was made with");
            return material;
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what a PKCS#12 file held.</summary>
    public static KeyMaterial Own(nint leaf, List<nint> chain, nint key) => new(leaf, chain, key);

    /// <summary>Reads DER.</summary>
    /// <exception cref="TlsConfigurationException">They cannot be used.</exception>
    public static KeyMaterial FromDer(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey)
    {
        fixed (byte* certificateBytes = certificate, keyBytes = privateKey)
        {
            byte* start = certificateBytes;
            nint leaf = OpenSsl.d2i_X509(null, &start, certificate.Length);
            start = keyBytes;
            nint key = OpenSsl.d2i_AutoPrivateKey(null, &start, privateKey.Length);
            var material = new KeyMaterial(leaf, [], key);
            if (leaf == 0 || key == 0)
            {
                material.Dispose();
                throw new TlsConfigurationException($"server certificate: {TlsErrors.TakeQueue()}");
            }

            material.RequireMatch("server certificate: key values mismatch");
            return material;
        }
    }

    /// <summary>The certificate, DER.</summary>
    public byte[] LeafBytes() => Der.Encode(Leaf, OpenSsl.i2d_X509);

    /// <summary>Has a context present it; the context takes references of its own.</summary>
    /// <exception cref="TlsConfigurationException">OpenSSL refused it, for instance for a key that is too short.</exception>
    public void UseIn(SslContext context, string source)
    {
        nint stack = OpenSsl.OPENSSL_sk_new_null();
        _chain.ForEach(certificate => OpenSsl.OPENSSL_sk_push(stack, certificate));
        int result = OpenSsl.SSL_CTX_use_cert_and_key(context.Pointer, Leaf, Key, stack, replace: 1);
        OpenSsl.OPENSSL_sk_free(stack);
        if (result != 1)
        {
            throw new TlsConfigurationException($"cert={source}: {TlsErrors.TakeQueue()}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _chain.Append(Leaf).Where(certificate => certificate != 0).ToList().ForEach(OpenSsl.X509_free);
        _chain.Clear();
        if (Key != 0)
        {
            OpenSsl.EVP_PKEY_free(Key);
        }

        Leaf = Key = 0;
    }

    /// <summary>Makes sure that the key is the certificate's.</summary>
    public void RequireMatch(string complaint)
    {
        if (OpenSsl.X509_check_private_key(Leaf, Key) != 1)
        {
            OpenSsl.ERR_clear_error();
            Dispose();
            throw new TlsConfigurationException(complaint);
        }
    }

    private static nint ReadKey(TlsCertificateFile file, List<PemBlock> certificateFile)
    {
        string where = OperatorFile.Name("key", file.KeyFile ?? file.CertificateFile);
        List<PemBlock> blocks = file.KeyFile is null ? certificateFile : PemFile.Read(OperatorFile.Read("key", file.KeyFile, MostBytes), where);
        PemBlock block = blocks.Find(b => b.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        if (block.Label is null)
        {
            throw new TlsConfigurationException(file.KeyFile is null
                ? $"{where}: no private key is in the certificate's file: add key=FILE"
                : $"{where}: there is no private key in it (-----BEGIN PRIVATE KEY-----)");
        }

        fixed (byte* bytes = block.Text.Span, password = Encoding.UTF8.GetBytes((file.Password ?? "") + '\0'))
        {
            nint memory = OpenSsl.BIO_new_mem_buf(bytes, block.Text.Length);
            nint key = OpenSsl.PEM_read_bio_PrivateKey(memory, null, &GivePassword, file.Password is null ? null : password);
            OpenSsl.BIO_free(memory);
            return key != 0 ? key : throw new TlsConfigurationException($"{where}: {Explain(file, block)}");
        }
    }

    private static string Explain(TlsCertificateFile file, PemBlock key)
    {
        string reason = TlsErrors.TakeQueue();
        bool isEncrypted = key.Text.Span.IndexOf("ENCRYPTED"u8) >= 0;
        return !isEncrypted ? $"the private key cannot be read: {reason}"
            : file.Password is null ? "the key is encrypted: add password=TEXT" : $"the password does not open the key ({reason})";
    }

    // OpenSSL would ask at the terminal, where nobody sits.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GivePassword(byte* room, int size, int forWriting, void* password)
    {
        if (password is null)
        {
            return -1;
        }

        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)password);
        return text.TryCopyTo(new Span<byte>(room, size)) ? text.Length : -1;
    }
}
