using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Tests;

/// <summary>The defaults that the help and the README print are those in force.</summary>
public class DefaultsTests
{
    private static readonly IPEndPoint s_address = new(IPAddress.Loopback, 853);

    [Fact]
    public void Writing_a_frontends_default_changes_nothing() =>
        Check(FrontendOptionTable.Table, new FrontendOptions { Address = s_address });

    [Fact]
    public void Writing_a_tls_frontends_default_changes_nothing() => Check(
        TlsFrontendOptionTable.Table,
        new FrontendOptions { Address = s_address, Tls = new TlsFrontendOptions() },
        "ECDHE with AEAD", "OpenSSL's", "43200; 0 with ticketKeyFile");

    [Fact]
    public void Writing_a_doh_frontends_default_changes_nothing() => Check(
        new OptionTable<FrontendOptions>(DohFrontendOptionTable.Own),
        new FrontendOptions { Address = s_address, Doh = new DohFrontendOptions() },
        DohFrontendOptions.DefaultPath);

    [Fact]
    public void Writing_a_backends_default_changes_nothing() =>
        Check(BackendOptionTable.Table, new BackendOptions { Address = s_address, Name = "" },
            "the address", "at random", "the system's", "ECDHE with AEAD", "OpenSSL's", "OpenSSL's", "OpenSSL's", "4 a shard", "one a shard");

    [Fact]
    public void Writing_a_caches_default_changes_nothing() => Check(CacheOptionTable.Table, new CacheOptions { MaxEntries = 1 });

    [Fact]
    public void Writing_a_flags_default_changes_nothing() =>
        Check(ProcessOptionTable.Table, new ProcessOptions(), "at random", "127.0.0.1:53", "the processors usable", "loopback and private networks", "loopback", "127.0.0.1, ::1");

    [Fact]
    public void Without_a_local_address_we_answer_on_port_53_of_loopback()
    {
        FrontendOptions only = Assert.Single(Complete("--server=192.0.2.1,tls=none").Frontends);
        Assert.Equal(IPEndPoint.Parse(Entry("local").Default), only.Address);
        Assert.Equal(new FrontendOptions { Address = only.Address }, only);
    }

    [Fact]
    public void Without_a_number_of_shards_there_is_one_a_processor() =>
        Assert.Equal(3, Complete("--server=192.0.2.1,tls=none").Shards);

    [Fact]
    public void Without_an_acl_private_networks_are_served()
    {
        Assert.Same(NetmaskSet.Default, Complete("--server=192.0.2.1,tls=none").Acl);
        Assert.True(NetmaskSet.Default.Contains(SocketAddress.From(s_address)));
    }

    [Fact]
    public void Options_have_one_name_one_line_and_one_letter_each()
    {
        CheckNames(FrontendOptionTable.Table);
        CheckNames(TlsFrontendOptionTable.Table);
        CheckNames(DohFrontendOptionTable.Table);
        CheckNames(BackendOptionTable.Table);
        CheckNames(PoolOptionTable.Table);
        CheckNames(CacheOptionTable.Table);
        CheckNames(ProcessOptionTable.Table);
        char[] letters = [.. ProcessOptionTable.Table.Entries.Select(e => e.Short).Where(s => s != 0)];
        Assert.Equal(letters.Distinct(), letters);
    }

    private static void Check<T>(OptionTable<T> table, T untouched, params string[] inWords)
    {
        string[] skipped = [.. table.Entries.Select(e => e.Default).Where(inWords.Contains)];
        Assert.Equal(inWords.Order(), skipped.Order());
        foreach (OptionEntry<T> entry in table.Entries.Where(e => e.Default.Length > 0 && !inWords.Contains(e.Default)))
        {
            Assert.True(EqualityComparer<T>.Default.Equals(untouched, entry.Apply(untouched, entry.Default)), $"{entry.Name}={entry.Default}");
        }
    }

    private static void CheckNames<T>(OptionTable<T> table)
    {
        string[] names = [.. table.Entries.Select(e => e.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(table.Entries, e => Assert.Matches("^[^\\n|]+$", e.Text));
    }

    private static OptionEntry<ProcessOptions> Entry(string name) => ProcessOptionTable.Table.Entries.Single(e => e.Name == name);

    private static ProxyOptions Complete(params string[] args) => CommandLine.Parse(args).Settings.Complete(processors: 3).Proxy;
}
