using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings.Tables;
using Fastdist.Tls.Certificates;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A certificate as an object: a file, perhaps with its key elsewhere or behind a password.</summary>
internal static class CertificateObject
{
    /// <summary>What it can be given besides its file.</summary>
    public static readonly OptionReader<TlsCertificateFile> Options = new("newTLSCertificate", new OptionTable<TlsCertificateFile>(
        new OptionEntry<TlsCertificateFile>("key", "FILE", "", "", "PEM private key; in the certificate's file unless given", static c => c.KeyFile, static (c, v) => c with { KeyFile = Values.NotEmpty(v) }),
        new OptionEntry<TlsCertificateFile>("password", "TEXT", "", "", "of the encrypted key, or of the PKCS#12 file", static c => c.Password is null ? null : "(set)", static (c, v) => c with { Password = v })));

    private static readonly LuaClass s_class = ObjectClass.Make<TlsCertificateFile>("TLSCertificate", "certificate", [], [], static certificate => certificate.CertificateFile);

    /// <summary>The object of a certificate.</summary>
    public static LuaValue Of(TlsCertificateFile certificate) => new LuaObject(s_class, certificate);
}
