using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings.Rules;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Settings;

/// <summary>A file that a reload opens again.</summary>
/// <param name="Flag">The flag that it belongs to.</param>
/// <param name="Option">The option that names it.</param>
/// <param name="Path">The file.</param>
/// <param name="IsWritten">Whether it is appended to, not read.</param>
public readonly record struct ReloadedFile(string Flag, string Option, string Path, bool IsWritten = false)
{
    /// <summary>Those of a frontend.</summary>
    public static IEnumerable<ReloadedFile> Of(FrontendOptions frontend)
    {
        if (frontend.Tls is not { } tls)
        {
            return [];
        }

        return Existing(
        [
            .. tls.Certificates.SelectMany(file => Of(frontend.Flag, file)),
            .. tls.OcspResponses.Select(path => new ReloadedFile(frontend.Flag, "ocspResponses", path)),
            new(frontend.Flag, "ticketKeyFile", tls.SessionTickets ? tls.TicketKeys.KeyFile : ""),
            new(frontend.Flag, "ticketKeySecretFile", tls.SessionTickets ? tls.TicketKeys.SecretFile : ""),
            new(frontend.Flag, "keyLogFile", tls.KeyLogFile, IsWritten: true),
        ]);
    }

    /// <summary>Those of a backend.</summary>
    public static IEnumerable<ReloadedFile> Of(BackendOptions backend)
    {
        string flag = backend.Flag;
        return !backend.IsTls ? [] : Existing(
        [
            new(flag, "caStore", backend.IsValidated ? TlsTrust.FileOf(backend.CaStore) : ""),
            .. backend.ClientCertificate is { } file ? Of(flag, file) : [],
            new(flag, "keyLogFile", backend.KeyLogFile, IsWritten: true),
        ]);
    }

    /// <summary>Those of rules.</summary>
    public static IEnumerable<ReloadedFile> Of(RuleChains rules) =>
        rules.All.Where(static entry => entry.Rule.Action.WrittenFile.Length > 0)
            .Select(static entry => new ReloadedFile(entry.Rule.Action.IsForAnswers ? "LogResponseAction" : "LogAction", "file", entry.Rule.Action.WrittenFile, IsWritten: true));

    private static IEnumerable<ReloadedFile> Of(string flag, TlsCertificateFile file) =>
        [new(flag, "cert", file.CertificateFile), new(flag, "key", file.KeyFile ?? "")];

    private static IEnumerable<ReloadedFile> Existing(IEnumerable<ReloadedFile> files) => files.Where(file => file.Path.Length > 0);
}
