using System;
using System.Net;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Proxy.Tests.Backends.BackendBench;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Which backend of the next settings is which of those there are.</summary>
public class SuccessionTests
{
    private static readonly Guid s_one = new("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    private static readonly Guid s_other = new("f81d4fae-7dec-11d0-a765-00a0c91e6bf7");

    private static readonly BackendOptions s_a = Options(1) with { Name = "a", Id = s_one };
    private static readonly BackendOptions s_b = Options(2) with { Name = "b", Id = s_other };

    [Fact]
    public void An_id_is_known_whatever_else_has_changed() =>
        Assert.Equal([1, 0], Succession.Find([s_a, s_b], [Options(3) with { Name = "c", Id = s_other }, s_b with { Name = "d", Id = s_one }]));

    [Fact]
    public void Whoever_has_another_id_is_another() =>
        Assert.Equal([Succession.New], Succession.Find([s_a], [s_a with { Id = s_other }]));

    [Fact]
    public void Without_an_id_a_name_is_known_at_whatever_address() =>
        Assert.Equal([1, 0], Succession.Find([s_a, s_b], [Options(1) with { Name = "b" }, Options(9) with { Name = "a" }]));

    [Fact]
    public void Without_a_name_that_is_known_it_is_who_has_the_address_in_their_order()
    {
        BackendOptions first = Options(1) with { Name = "first", Id = s_one };
        BackendOptions second = Options(1) with { Name = "second", Id = s_other };
        Assert.Equal([0, 1, Succession.New], Succession.Find([first, second], [Options(1) with { Name = "x" }, Options(1) with { Name = "y" }, Options(1) with { Name = "z" }]));
        Assert.Equal([1, 0], Succession.Find([first, second], [Options(1) with { Name = "x" }, Options(1) with { Name = "first" }]));
        Assert.Equal([Succession.New], Succession.Find([first], [first with { Id = null, Name = "x", Address = new IPEndPoint(first.Address.Address, 54) }]));
    }

    [Fact]
    public void An_id_goes_before_a_name_and_a_name_before_an_address() =>
        Assert.Equal([Succession.New, 1, 0], Succession.Find([s_a, s_b], [Options(2) with { Name = "x" }, Options(1) with { Name = "b" }, s_b with { Id = s_one }]));
}
