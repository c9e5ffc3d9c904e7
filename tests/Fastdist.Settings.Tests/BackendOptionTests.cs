using System;
using System.Net;
using Fastdist.Dns;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

public class BackendOptionTests
{
    [Fact]
    [Trait("Row", "D1")]
    public void Mapped_addresses_are_IPv4_wherever_a_backend_has_one()
    {
        BackendOptions backend = BackendOptionTable.Parse("[::ffff:192.0.2.1]:853,source=::ffff:198.51.100.1,subjectAddr=::ffff:192.0.2.1");
        Assert.Equal("192.0.2.1:853", backend.Name);
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:853"), backend.Address);
        Assert.Equal(IPAddress.Parse("198.51.100.1"), backend.SourceAddress);
        Assert.Equal("192.0.2.1", backend.SubjectAddr);
    }

    [Fact]
    public void A_server_is_dns_over_tls_on_port_853_and_validated_unless_it_says_otherwise()
    {
        BackendOptions options = BackendOptionTable.Parse("192.0.2.1,subjectName=dot.example.net");
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 853), options.Address);
        Assert.Equal(BackendTransport.OpenSsl, options.Tls);
        Assert.True(options.ValidateCertificates);
        Assert.Equal("dot.example.net", options.SubjectName);
    }

    [Theory]
    [InlineData("192.0.2.1,tls=none", 53)]
    [InlineData("tls=none,address=192.0.2.1", 53)]
    [InlineData("192.0.2.1:0,tls=none", 53)]
    [InlineData("192.0.2.1:853,tls=none", 853)]
    [InlineData("192.0.2.1:53,subjectName=a", 53)]
    [InlineData("address=192.0.2.1:8853,subjectName=a", 8853)]
    public void The_port_follows_the_transport_unless_it_is_written(string text, int port) =>
        Assert.Equal(port, BackendOptionTable.Parse(text).Address.Port);

    [Theory]
    [InlineData("192.0.2.1,subjectName=a", "192.0.2.1:853")]
    [InlineData("[2001:db8::1]:53,tls=none", "[2001:db8::1]:53")]
    [InlineData("192.0.2.1,subjectName=a,name=home", "home")]
    public void A_server_is_called_by_its_address_unless_it_has_a_name(string text, string name) =>
        Assert.Equal(name, BackendOptionTable.Parse(text).Name);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("[2001:db8::1]:853,weight=2", "2001:db8::1")]
    [InlineData("192.0.2.1,validateCertificates=true,caStore=/ca.pem", "192.0.2.1")]
    public void A_server_to_validate_without_a_subject_is_refused_with_the_remedies(string text, string address)
    {
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal(
            $"--server '{text}': the certificate cannot be validated without a name: add subjectName=NAME or subjectAddr={address}, or give up validation with validateCertificates=false",
            refusal.Message);
    }

    [Theory]
    [InlineData("192.0.2.1,subjectName=dot.example.net")]
    [InlineData("192.0.2.1,subjectAddr=192.0.2.1")]
    [InlineData("192.0.2.1,subjectAddr=2001:db8::1")]
    [InlineData("192.0.2.1,validateCertificates=false")]
    [InlineData("192.0.2.1,tls=none")]
    public void A_name_an_address_or_no_validation_is_enough(string text) =>
        Assert.Equal(IPAddress.Parse("192.0.2.1"), BackendOptionTable.Parse(text).Address.Address);

    [Theory]
    [InlineData("name=", "expected a value")]
    [InlineData("subjectName=", "expected a value")]
    [InlineData("caStore=", "expected a value")]
    [InlineData("subjectAddr=", "expected an IP address")]
    [InlineData("subjectAddr=dot.example.net", "expected an IP address")]
    [InlineData("checkName=", "expected a domain name")]
    [InlineData("checkName=a..b", "expected a domain name")]
    [InlineData("checkType=", "expected a record type such as A, SOA or TYPE65")]
    [InlineData("checkType=AAAAA", "expected a record type such as A, SOA or TYPE65")]
    [InlineData("checkType=TYPE65536", "expected a record type such as A, SOA or TYPE65")]
    public void A_text_that_cannot_be_meant_is_refused_with_what_is_expected(string word, string expected)
    {
        string text = $"192.0.2.1,validateCertificates=false,{word}";
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal($"--server '{text}': {word}: {expected}", refusal.Message);
    }

    [Theory, Trait("Row", "C3")]
    [InlineData("subjectName=dot.example.net.", "dot.example.net", "")]
    [InlineData("subjectName=DOT.Bücher.example", "dot.xn--bcher-kva.example", "")]
    [InlineData("subjectName=127.0.0.1", "", "127.0.0.1")]
    [InlineData("subjectName=2001:DB8:0::1", "", "2001:db8::1")]
    [InlineData("subjectName=::ffff:192.0.2.9", "", "192.0.2.9")]
    [InlineData("subjectName=192.0.2.9,subjectAddr=192.0.2.9", "", "192.0.2.9")]
    [InlineData("subjectAddr=::ffff:192.0.2.9", "", "192.0.2.9")]
    [InlineData("subjectName=dot.example.net,subjectAddr=192.0.2.9", "dot.example.net", "192.0.2.9")]
    public void A_subject_is_a_canonical_name_or_an_address(string words, string name, string address)
    {
        BackendOptions options = BackendOptionTable.Parse($"192.0.2.1,{words}");
        Assert.Equal((name, address), (options.SubjectName, options.SubjectAddr));
    }

    [Theory, Trait("Row", "C3")]
    [InlineData("subjectName=.example.net", "a label of it is empty")]
    [InlineData("subjectName=*.example.net", "only its certificate may")]
    [InlineData("subjectName=dot.example.net:853", "':' cannot be in a host name")]
    [InlineData("subjectName=127.1", "no whole IP address either")]
    [InlineData("subjectName=☃.example", "write its A-labels")]
    [InlineData("checkName=☃.example", "write its A-labels")]
    public void A_name_that_no_host_can_have_is_refused_with_the_reason(string word, string reason)
    {
        string text = $"192.0.2.1,validateCertificates=false,{word}";
        string message = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text)).Message;
        Assert.StartsWith($"--server '{text}': {word}: ", message, StringComparison.Ordinal);
        Assert.EndsWith(reason, message.Split(" (xn--")[0], StringComparison.Ordinal);
    }

    [Fact, Trait("Row", "C3")]
    public void Two_addresses_to_look_for_are_refused() => Assert.EndsWith(
        "subjectName=192.0.2.8 is an IP address, and subjectAddr=192.0.2.9 another: leave out one of the two",
        Assert.Throws<OptionException>(() => BackendOptionTable.Parse("192.0.2.1,subjectAddr=192.0.2.9,subjectName=192.0.2.8")).Message,
        StringComparison.Ordinal);

    [Theory, Trait("Row", "C3")]
    [InlineData("bücher.example", "xn--bcher-kva.example.")]
    [InlineData("www.Example.net", "www.Example.net")]
    [InlineData("_dns.example.net", "_dns.example.net")]
    public void A_name_to_check_is_kept_unless_it_has_U_labels(string text, string name) =>
        Assert.Equal(name, BackendOptionTable.Parse($"192.0.2.1,tls=none,checkName={text}").CheckName);

    [Fact]
    public void Texts_are_kept_as_they_are_written()
    {
        BackendOptions options = BackendOptionTable.Parse(
            "192.0.2.1,name=home,subjectName=dot.example.net,subjectAddr=192.0.2.9,caStore=/etc/ca=1.pem,checkName=www.Example.net,checkType=TYPE65");
        Assert.Equal("home", options.Name);
        Assert.Equal("dot.example.net", options.SubjectName);
        Assert.Equal("192.0.2.9", options.SubjectAddr);
        Assert.Equal("/etc/ca=1.pem", options.CaStore);
        Assert.Equal("www.Example.net", options.CheckName);
        Assert.Equal((RecordType)65, options.CheckType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dot.example.net")]
    [InlineData("192.0.2.1:65536,tls=none")]
    public void An_address_that_is_none_is_refused_by_flag_and_value(string text) =>
        Assert.StartsWith($"--server '{text}': ", Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text)).Message);

    [Theory]
    [InlineData("tls=none")]
    [InlineData("weight=3,tls=none")]
    public void A_server_without_an_address_is_told_where_to_write_it(string text)
    {
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal($"--server '{text}': no address; write --server ADDR[:PORT] first", refusal.Message);
    }

    [Theory]
    [InlineData("192.0.2.1,tls=none,fast", "fast")]
    [InlineData("192.0.2.1,tls=none,=5", "=5")]
    [InlineData("192.0.2.1,tls=none,", "")]
    [InlineData("tls=none,192.0.2.1", "192.0.2.1")]
    public void A_word_that_is_no_option_is_refused(string text, string word)
    {
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal($"--server '{text}': '{word}' is not option=value", refusal.Message);
    }

    [Fact]
    public void An_option_given_twice_is_refused()
    {
        var refused = Assert.Throws<OptionException>(() => BackendOptionTable.Parse("192.0.2.1,subjectName=a.test,weight=1,weight=2"));
        Assert.Contains("'weight' is given twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_consoles_options_are_the_same_ones()
    {
        BackendOptions options = BackendOptionTable.Read(
            [("address", "192.0.2.1"), ("subjectName", "a.test"), ("weight", "3"), ("caStore", "/a,b=c"), ("mustResolve", "true")]);
        Assert.Equal(("192.0.2.1:853", "192.0.2.1:853", "a.test"), (options.Address.ToString(), options.Name, options.SubjectName));
        Assert.Equal((3, "/a,b=c", true), (options.Weight, options.CaStore, options.MustResolve));
    }

    [Theory]
    [InlineData("wieght", "3", "newServer: unknown option 'wieght'")]
    [InlineData("weight", "0", "newServer: weight=0: expected a whole number from 1 to 2147483647")]
    [InlineData("tls", "sometimes", "newServer: tls=sometimes: expected one of openssl, sslstream, none, udp")]
    [InlineData("subjectName", "b.test", "newServer: 'subjectName' is given twice")]
    public void An_error_of_the_consoles_options_names_newServer_and_the_key(string key, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<OptionException>(
            () => BackendOptionTable.Read([("address", "192.0.2.1"), ("subjectName", "a.test"), (key, value)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_server_of_the_console_without_an_address_is_told_how_to_write_it() => Assert.Equal(
        "newServer: no address; add address=\"ADDR:PORT\"", Assert.Throws<OptionException>(() => BackendOptionTable.Read([("weight", "3")])).Message);

    [Fact]
    public void A_server_may_have_an_id_of_its_own()
    {
        Assert.Null(BackendOptionTable.Parse("192.0.2.1,tls=none").Id);
        Assert.Equal(new System.Guid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), BackendOptionTable.Parse("192.0.2.1,tls=none,id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6").Id);
        OptionException exception = Assert.Throws<OptionException>(() => BackendOptionTable.Parse("192.0.2.1,tls=none,id=7"));
        Assert.EndsWith("id=7: expected a UUID such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6", exception.Message, System.StringComparison.Ordinal);
    }
}
