using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Fastdist.Tls.Certificates;
using Xunit;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>Which of several certificates a client is presented.</summary>
public sealed class CertificateChoiceTests : IDisposable
{
    private readonly CertificateFolder _folder = new();
    private readonly TestCertificates _strangers = new();
    private readonly List<TlsCertificate> _certificates = [];

    [Theory]
    [InlineData("b.test", "b")]
    [InlineData("B.TEST", "b")]
    [InlineData("x.wild.test", "w")]
    [InlineData("X.Wild.Test", "w")]
    [InlineData("exact.wild.test", "e")]
    [InlineData("a.b.wild.test", "a")]
    [InlineData("wild.test", "a")]
    [InlineData("unknown.test", "a")]
    [InlineData("b.test.", "b")]
    [InlineData("X.Wild.Test.", "w")]
    [InlineData(".", "a")]
    public void The_name_asked_for_decides_and_who_asks_for_another_gets_the_first(string name, string presented)
    {
        foreach ((string subject, string own) in (IEnumerable<(string, string)>)[("a", "a.test"), ("b", "b.test"), ("w", "*.wild.test"), ("e", "exact.wild.test")])
        {
            Add(subject, NewEcKey(), own);
        }

        Assert.Equal(presented, Presented(name));
        Assert.Equal(presented, Presented(name, tickets: false));
    }

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "rsa")]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256", "ec")]
    public void Among_those_of_one_name_the_clients_algorithms_decide(string cipher, string presented)
    {
        Add("rsa", RSA.Create(2048), "dot.test", "other.test");
        Add("ec", NewEcKey(), "dot.test");
        Assert.Equal(presented, Presented("dot.test", cipher));

        // Also for clients that name nothing we have: they get the first certificate or its like.
        Assert.Equal(presented, Presented("unknown.test", cipher));
    }

    [Fact]
    public void Two_of_one_kind_for_the_same_names_are_refused_with_both_files()
    {
        TlsCertificate first = Add("one", NewEcKey(), "dot.test");
        TlsCertificate second = Add("two", NewEcKey(), "dot.test");
        string message = Assert.Throws<TlsConfigurationException>(Server).Message;
        Assert.StartsWith($"cert={first.Source} and cert={second.Source} are for the same names (dot.test)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_longer_than_names_can_be_gets_the_first()
    {
        Add("a", NewEcKey(), "a.test");
        Assert.Equal("a", Presented(string.Join('.', Enumerable.Repeat(new string('x', 60), 4)) + ".test"));
    }

    [Fact]
    public void Contexts_go_on_after_the_certificates_they_were_made_from_are_disposed()
    {
        Add("a", NewEcKey(), "a.test");
        using TlsContext server = Server();
        _certificates.ForEach(certificate => certificate.Dispose());
        Assert.Equal("a", Presented("a.test", server: server));
    }

    public void Dispose()
    {
        _certificates.ForEach(certificate => certificate.Dispose());
        _strangers.Dispose();
        _folder.Dispose();
    }

    private static ECDsa NewEcKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TlsCertificate Add(string subject, AsymmetricAlgorithm key, params string[] names)
    {
        TlsCertificate certificate = _folder.Load(subject, key, names);
        _certificates.Add(certificate);
        return certificate;
    }

    private TlsServerContext Server() => new(new TlsServerOptions { Certificates = _certificates });

    /// <summary>A client that trusts somebody else tells whose certificate it refused.</summary>
    private string Presented(string name, string cipher = "", bool tickets = true, TlsContext? server = null)
    {
        using TlsContext made = new TlsServerContext(new TlsServerOptions { Certificates = server is null ? _certificates : [Spare()], SessionTickets = tickets });
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions
        {
            SubjectName = name,
            Trust = _strangers.Trust,
            Ciphers = cipher,
            MaxVersion = cipher.Length > 0 ? TlsVersion.Tls12 : TlsVersion.Unknown,
        });
        using var pair = new Pair(client, server ?? made);
        Assert.False(pair.Handshake());
        return pair.Client.Session.RefusedSubject["CN=".Length..];
    }

    private TlsCertificate Spare() => _folder.Load("spare", NewEcKey(), "spare.test");
}
