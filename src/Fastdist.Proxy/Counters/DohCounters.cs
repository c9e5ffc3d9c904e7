using System;
using System.Linq;
using Fastdist.Http;

namespace Fastdist.Proxy.Counters;

/// <summary>What one shard counted of one frontend's HTTP.</summary>
public sealed class DohCounters
{
    private static readonly int[] s_refusals =
    [
        HttpStatus.BadRequest, HttpStatus.Forbidden, HttpStatus.NotFound, HttpStatus.MethodNotAllowed,
        HttpStatus.BodyTooLarge, HttpStatus.UnsupportedMediaType, HttpStatus.HeaderTooLarge, HttpStatus.BadGateway,
        HttpStatus.ServiceUnavailable,
    ];

    /// <summary>Names as they are printed, with how each is read.</summary>
    public static readonly (string Name, Func<DohCounters, long> Read)[] Table =
    [
        ("doh-get-queries", c => c.Gets),
        ("doh-head-queries", c => c.Heads),
        ("doh-post-queries", c => c.Posts),
        .. s_refusals.Select(status => ($"doh-status-{status}", (Func<DohCounters, long>)(c => c.Refusals[status]))),
        ("doh-mapped-responses", c => c.MappedResponses),
        .. Enumerable.Range(2, 4).Select(hundreds => ($"doh-written-{hundreds}xx", (Func<DohCounters, long>)(c => c.WrittenResponses[hundreds]))),
        ("doh-requests-deferred", c => c.RequestsDeferred),
        ("doh-abandoned", c => c.Abandoned),
        ("doh-stalled", c => c.Stalled),
        .. Enum.GetValues<Http2End>().Where(e => e is not (Http2End.None or Http2End.Finished))
            .Select(end => ($"doh-ended-{Http2Ends.NameOf(end)}", (Func<DohCounters, long>)(c => c.Ends[(int)end]))),
    ];

    /// <summary>DNS messages that came by GET.</summary>
    public long Gets;

    /// <summary>DNS messages that came by HEAD.</summary>
    public long Heads;

    /// <summary>DNS messages that came by POST.</summary>
    public long Posts;

    /// <summary>Requests refused, by status code.</summary>
    public long[] Refusals { get; } = new long[600];

    /// <summary>Requests that got a response of the frontend's map in place of DNS.</summary>
    public long MappedResponses;

    /// <summary>Responses that the operator wrote, in the map or in a rule, by the first digit of their status.</summary>
    public long[] WrittenResponses { get; } = new long[6];

    /// <summary>Times that requests of a connection had to wait for the next turn.</summary>
    public long RequestsDeferred;

    /// <summary>Answers whose request the client had reset meanwhile.</summary>
    public long Abandoned;

    /// <summary>Connections ended because the client left no window for an answer.</summary>
    public long Stalled;

    /// <summary>Connections ended, by reason.</summary>
    public long[] Ends { get; } = new long[Enum.GetValues<Http2End>().Length];

    /// <summary>Adds what was counted elsewhere.</summary>
    internal void Add(DohCounters other)
    {
        Gets += other.Gets;
        Heads += other.Heads;
        Posts += other.Posts;
        RequestsDeferred += other.RequestsDeferred;
        Abandoned += other.Abandoned;
        Stalled += other.Stalled;
        MappedResponses += other.MappedResponses;
        Add(Refusals, other.Refusals);
        Add(WrittenResponses, other.WrittenResponses);
        Add(Ends, other.Ends);
    }

    private static void Add(long[] sums, long[] others)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += others[i];
        }
    }
}
