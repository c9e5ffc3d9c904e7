using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Fastdist.Http;
using Fastdist.Ring;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Settings.Tests;

/// <summary>Settings that are written down say of each option what it is set to, and of secrets that there are some.</summary>
public class SettingsTextTests
{
    private const string Marker = "m4rker";

    private static readonly Dictionary<string, string> s_samples = new()
    {
        ["NAME"] = "eth7",
        ["UUID"] = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ["FILE"] = "/file",
        ["TEXT"] = Marker,
        ["LIST"] = "a:b",
        ["BASE64"] = "cccccccccccccccccccccccccccccccccccccccccco=",
        ["ADDR"] = "192.0.2.9",
        ["ADDR[:PORT]"] = "192.0.2.9:99",
        ["SOURCE"] = "192.0.2.7@eth7",
        ["TYPE"] = "SOA",
        ["VERSION"] = "tls1.3",
        ["NETMASK"] = "192.0.2.0/24",
        ["PATH"] = "/path",
        ["NAME:VALUE"] = "x-served-by:ns1",
        ["ORIGIN"] = "https://page.example",
        ["FACTOR"] = "1.25",
        ["SEED"] = "4294967295",
        ["NAME|N"] = "somebody",
        ["N[,answer=WHAT]"] = "100,answer=refused",
        ["COMMAND"] = "showVersion()",
        ["SIZE"] = "1048576",
        ["ENTRIES"] = "1000",
        ["CODE"] = "65001",
        ["false"] = "false",
        ["openssl"] = "openssl",
        ["KEY"] = "1-2-3-4",
        ["CLASS"] = "CH",
        ["UUID"] = "2f0cf2f8-3e6f-4d4a-9d35-0a8b1f1f3f4a",
    };

    [Fact]
    public void Every_option_has_a_name_of_its_own_in_the_order_of_the_help()
    {
        JsonElement shown = Shown(new ProcessOptions());
        Assert.Equal(
            [.. ProcessOptionTable.Table.Entries.Select(e => e.Name), "webserver-password", "webserver-api-key", "packet-caches", "rules", "add-edns-to-self-generated-answers", "payload-size-on-self-generated-answers", "dynamic-blocks-action", "dynamic-blocks-purge-interval"],
            shown.EnumerateObject().Select(option => option.Name));
        Assert.Equal(["address", .. TlsFrontendOptionTable.Table.Entries.Select(e => e.Name)], Names(Complete(("tls-local", "192.0.2.1,cert=c")), "tls-local"));
        Assert.Equal(["address", .. DohFrontendOptionTable.Table.Entries.Select(e => e.Name), "responsesMap"], Names(Complete(("doh-local", "192.0.2.1")), "doh-local"));
        Assert.Equal(["address", .. FrontendOptionTable.Table.Entries.Select(e => e.Name)], Names(Complete(), "local"));
        Assert.Equal(BackendOptionTable.Table.Entries.Select(e => e.Name), Names(Complete(), "server"));
        Assert.Equal(["name", .. PoolOptionTable.Table.Entries.Select(e => e.Name)], Names(Complete(("pool", "p")), "pool"));

        static IEnumerable<string> Names(JsonElement shown, string flag) => Assert.Single(shown.GetProperty(flag).EnumerateArray()).EnumerateObject().Select(option => option.Name);
    }

    [Fact]
    public void What_was_not_set_is_shown_as_the_help_has_it()
    {
        JsonElement shown = Complete();
        AssertDefaults(ProcessOptionTable.Table, shown, "local", "server", "shards", "acl", "console-acl", "webserver-acl");
        AssertDefaults(FrontendOptionTable.Table, shown.GetProperty("local")[0]);
        AssertDefaults(BackendOptionTable.Table, shown.GetProperty("server")[0], "name", "tls");
        AssertDefaults(TlsFrontendOptionTable.Table, Complete(("tls-local", "192.0.2.1,cert=c")).GetProperty("tls-local")[0], "cert");
        AssertDefaults(DohFrontendOptionTable.Table, Complete(("doh-local", "192.0.2.1")).GetProperty("doh-local")[0], "path");
        Assert.Equal(3, shown.GetProperty("shards").GetInt32());
        Assert.Equal("127.0.0.1:53", shown.GetProperty("local")[0].GetProperty("address").GetString());
        Assert.Equal(["10.0.0.0/8", "127.0.0.0/8", "::1/128"], [.. Texts(shown.GetProperty("acl")).Where(n => n is "10.0.0.0/8" or "127.0.0.0/8" or "::1/128").Order()]);
        Assert.Equal(["127.0.0.0/8", "::1/128"], Texts(shown.GetProperty("console-acl")));
        Assert.Equal(["127.0.0.1/32", "::1/128"], Texts(shown.GetProperty("webserver-acl")));
    }

    [Fact]
    public void Each_option_that_is_set_shows_what_it_was_set_to_and_no_other_changes()
    {
        Check(ProcessOptionTable.Table, new ProcessOptions(), "local", "tls-local", "doh-local", "server", "pool", "setkey", "execute");
        Check(FrontendOptionTable.Table, FrontendOptionTable.Parse("192.0.2.1"));
        Check(TlsFrontendOptionTable.Table, TlsFrontendOptionTable.Parse("192.0.2.1,cert=c"), "cert", "key", "password");
        Check(DohFrontendOptionTable.Table, DohFrontendOptionTable.Parse("192.0.2.1,cert=c"), "cert", "key", "password");
        Check(BackendOptionTable.Table, BackendOptionTable.Parse("192.0.2.1,subjectName=x,cert=c"), "ciphersTLS13", "ciphers13", "password");
        Check(PoolOptionTable.Table, PoolOptionTable.Parse("p"));
        Check(CacheOptionTable.Table, new CacheOptions { MaxEntries = 5 });
    }

    [Fact]
    public void Certificates_keep_the_places_of_their_keys_and_passwords()
    {
        JsonElement frontend = Complete(("tls-local", $"192.0.2.1,cert=a,cert=b,key=k,password={Marker}")).GetProperty("tls-local")[0];
        Assert.Equal(["a", "b"], Texts(frontend.GetProperty("cert")));
        Assert.Equal([null, "k"], Texts(frontend.GetProperty("key")));
        Assert.Equal([null, "(set)"], Texts(frontend.GetProperty("password")));
    }

    [Fact]
    public void No_secret_is_shown_but_that_there_is_one()
    {
        ProcessOptions settings = Apply(
            ("server", $"192.0.2.1,subjectName=x,cert=c,password={Marker}"), ("tls-local", $"192.0.2.1,cert=c,password={Marker}"), ("doh-local", $"192.0.2.1,cert=c,password={Marker}"),
            ("setkey", Marker));
        settings = settings with { Web = settings.Web with { Password = PasswordHash.Parse(Marker), ApiKey = PasswordHash.Parse(Marker) } };
        string text = Text(settings);
        Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
        Assert.DoesNotContain("$scrypt$", text, StringComparison.Ordinal);
        Assert.Equal(6, text.Split("\"(set)\"").Length - 1);
    }

    [Fact]
    public void A_seed_that_was_drawn_is_nobodys_to_know()
    {
        uint drawn = new BalancingOptions().WHashedPerturbation;
        Assert.DoesNotContain($"{drawn}", Text(new ProcessOptions()), StringComparison.Ordinal);
        Assert.Contains("\"whashed-perturbation\": 7,", Text(Apply(("whashed-perturbation", "7"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_changes_in_the_settings_changes_what_is_shown()
    {
        ProcessOptions all = Apply(("doh-local", "192.0.2.1,cert=c"), ("server", "192.0.2.1,subjectName=x,cert=c"), ("cache-size", "1000"), ("pool", "p"));
        string before = Text(all);
        int checks = 0;
        CheckEach(all, changed => (ProcessOptions)changed);
        Assert.InRange(checks, 100, 300);

        void CheckEach(object record, Func<object, ProcessOptions> around)
        {
            // Whom a client talks to is no setting of what runs, and where something was written no part of it.
            foreach (PropertyInfo property in record.GetType().GetProperties().Where(p => p.CanWrite && p.Name != nameof(ConsoleSettings.Peer) && p.PropertyType != typeof(WrittenAt)))
            {
                object? value = property.GetValue(record);
                Func<object?, ProcessOptions> with = other => around(With(record, property, other));
                if (value is IList { Count: > 0 } list && IsRecord(list[0]!))
                {
                    CheckEach(list[0]!, item => with(ListOf(item, list)));
                }
                else if (IsRecord(value))
                {
                    CheckEach(value!, with);
                }
                else
                {
                    checks++;
                    Assert.True(before != Text(with(Other(property, value))), $"{record.GetType().Name}.{property.Name}");
                }
            }
        }
    }

    private static bool IsRecord(object? value) => value?.GetType().GetMethod("<Clone>$") is not null;

    private static object With(object record, PropertyInfo property, object? value)
    {
        object copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, [])!;
        property.SetValue(copy, value);
        return copy;
    }

    private static Array ListOf(object first, IList others)
    {
        var list = Array.CreateInstance(first.GetType(), others.Count);
        others.CopyTo(list, 0);
        list.SetValue(first, 0);
        return list;
    }

    private static object Other(PropertyInfo property, object? value) => value switch
    {
        bool isSo => !isSo,
        int number => number + 1,
        uint number => number + 1,
        long number => number + 1,
        ushort number => (ushort)(number + 1),
        double number => number + 1,
        string text => text.Length > 0 ? "" : "x",
        Enum one => Enum.GetValues(one.GetType()).Cast<object>().Last(other => !other.Equals(one)),
        _ => OtherOf(property.PropertyType),
    };

    private static object OtherOf(Type type) =>
        type == typeof(string) ? "x"
        : type == typeof(int?) ? 7
        : type == typeof(Guid?) ? Guid.Empty
        : type == typeof(PolicyKind?) ? PolicyKind.RoundRobin
        : type == typeof(CacheOptions) ? new CacheOptions { MaxEntries = 7 }
        : type == typeof(IReadOnlyList<ushort>) ? new ushort[] { 65001 }
        : type == typeof(IReadOnlyList<string>) ? new[] { "192.0.2.0/24" }
        : type == typeof(IReadOnlyList<KeyValuePair<string, string>>) ? new[] { new KeyValuePair<string, string>("x-a", "b") }
        : type == typeof(IReadOnlyList<IPEndPoint>) ? new[] { new IPEndPoint(IPAddress.Loopback, 1) }
        : type == typeof(IReadOnlyList<TlsPin>) ? new[] { TlsPin.Parse(s_samples["BASE64"]) }
        : type == typeof(IPEndPoint) || type == typeof(EndPoint) ? new IPEndPoint(IPAddress.Loopback, 1)
        : type == typeof(IPAddress) ? IPAddress.Loopback
        : type == typeof(NetmaskSet) ? NetmaskSet.Of("192.0.2.0/24")
        : type == typeof(FastOpenKey) ? FastOpenKey.Parse("1-2-3-4")
        : type == typeof(ClientRateLimit) ? new ClientRateLimit(5)
        : type == typeof(RuleChains) ? RuleChains.None.With(ChainKind.Query, [new Rule(new Everything(), new Nothing())])
        : type == typeof(IReadOnlyList<MappedResponse>) ? new MappedResponse[] { new Page() }
        : type == typeof(PasswordHash) ? PasswordHash.Parse(Marker)
        : throw new NotSupportedException($"{type}");

    private static void AssertDefaults<T>(OptionTable<T> table, JsonElement shown, params string[] others) => Assert.All(
        table.Entries.Where(entry => entry.Default.Length > 0 && !others.Contains(entry.Name)),
        entry => Assert.Equal((entry.Name, entry.Default), (entry.Name, Written(shown.GetProperty(entry.Name)))));

    private static void Check<T>(OptionTable<T> table, T settings, params string[] others)
    {
        foreach (OptionEntry<T> entry in table.Entries.Where(e => !others.Contains(e.Name)))
        {
            string value = entry.IsSwitch ? "true" : SampleOf(entry, settings);
            T changed = entry.Apply(settings, value);
            string expected = entry.Name is "password" or "tcp-fast-open-key" ? "(set)" : value;
            Assert.Equal((entry.Name, expected), (entry.Name, Written(entry.Show(changed))));
            Assert.Equal(
                table.Shown(settings).Where(o => o.Key != entry.Name).Select(o => (o.Key, Written(o.Value))),
                table.Shown(changed).Where(o => o.Key != entry.Name).Select(o => (o.Key, Written(o.Value))));
        }
    }

    /// <summary>Something else than the default.</summary>
    private static string SampleOf<T>(OptionEntry<T> entry, T settings) => s_samples.TryGetValue(entry.Value, out string? sample)
        ? sample == "eth7" && entry.Name is "policy" ? "wrandom" : sample == "eth7" && entry.Name is "checkName" or "subjectName" ? "name.example" : sample
        : entry.Value == "N" ? new[] { "7", "24", "600", "2048", "16384" }.First(number => number != entry.Default && IsTaken(entry, settings, number))
        : entry.Value.Split('|').Last(word => word != entry.Default);

    private static bool IsTaken<T>(OptionEntry<T> entry, T settings, string value)
    {
        try
        {
            entry.Apply(settings, value);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string? Written(object? value) => value switch
    {
        bool isSo => isSo ? "true" : "false",
        string text => text,
        IEnumerable<object?> several => Written(several.LastOrDefault()),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Written(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string?[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString())];

    private static JsonElement Complete(params (string Name, string Value)[] given) => Shown(Apply([("server", "192.0.2.1,tls=none"), .. given]).Complete(processors: 3));

    private static JsonElement Shown(ProcessOptions settings) => JsonDocument.Parse(Text(settings)).RootElement;

    private static string Text(ProcessOptions settings)
    {
        using var output = new MemoryStream();
        SettingsText.Write(settings, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static ProcessOptions Apply(params (string Name, string Value)[] given) =>
        given.Aggregate(new ProcessOptions(), (settings, option) => ProcessOptionTable.Table.Apply(settings, option.Name, option.Value, "a file"));

    private sealed class Everything : Selector
    {
        public override string ToString() => "All";
    }

    private sealed class Nothing() : RuleAction(isForAnswers: false)
    {
        public override string ToString() => "no op";
    }

    private sealed class Page() : MappedResponse("^/$", new FixedResponse(200, []));
}
