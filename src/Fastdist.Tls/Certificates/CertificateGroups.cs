using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Tls.Certificates;

/// <summary>
/// Which certificates are presented for which name. Those for one name form a group, the first of each
/// kind of key, and OpenSSL chooses within it by the client's signature algorithms.
/// </summary>
internal sealed class CertificateGroups
{
    private readonly Dictionary<string, IReadOnlyList<TlsCertificate>> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="certificates">In the operator's order; at least one.</param>
    /// <exception cref="TlsConfigurationException">Two of one kind of key are for the same names.</exception>
    public CertificateGroups(IReadOnlyList<TlsCertificate> certificates)
    {
        RequireDifferent(certificates);
        TlsCertificate first = certificates[0];
        Default = OnePerKind(certificates.Where(c => c == first || c.SharesNameWith(first)));
        foreach (string name in certificates.SelectMany(c => c.Names).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            _byName.Add(name, OnePerKind(certificates.Where(c => c.Names.Contains(name, StringComparer.OrdinalIgnoreCase))));
        }
    }

    /// <summary>For clients that name nothing we have: the first certificate, and its like with other kinds of key.</summary>
    public IReadOnlyList<TlsCertificate> Default { get; }

    /// <summary>The group of each name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TlsCertificate>> ByName => _byName;

    private static List<TlsCertificate> OnePerKind(IEnumerable<TlsCertificate> certificates) => [.. certificates.DistinctBy(c => c.KeyType)];

    private static void RequireDifferent(IReadOnlyList<TlsCertificate> certificates)
    {
        foreach (TlsCertificate certificate in certificates)
        {
            TlsCertificate? twin = certificates.FirstOrDefault(c => c != certificate && c.KeyType == certificate.KeyType && c.Names.Count > 0 && c.Names.ToHashSet().SetEquals(certificate.Names));
            if (twin is not null)
            {
                throw new TlsConfigurationException(
                    $"cert={certificate.Source} and cert={twin.Source} are for the same names ({string.Join(", ", certificate.Names)}) with the same kind of key, so that one would never be presented: keep one");
            }
        }
    }
}
