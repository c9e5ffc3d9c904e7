using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>A request, copied out of the session's memory.</summary>
internal sealed record Request(
    int StreamId, HttpMethod Method, string Target, bool IsDnsMessage, string Body, string ForwardedFor, bool IsHeaderTooLarge, bool IsBodyTooLarge)
{
    public static Request Of(in HttpRequest request) => new(
        request.StreamId, request.Method, Encoding.Latin1.GetString(request.Target), request.IsDnsMessage, Convert.ToHexString(request.Body),
        Encoding.Latin1.GetString(request.ForwardedFor), request.IsHeaderTooLarge, request.IsBodyTooLarge);
}

/// <summary>A session with its pool, a clock that the test moves, and a reader of what comes out.</summary>
internal sealed class Connection : IDisposable
{
    public const string Date = "date: Sun, 06 Nov 1994 08:49:37 GMT";
    public const string Path = "/dns-query";
    public const string Target = Path + "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";
    public static readonly HttpResponse Ok = new(HttpStatus.Ok, HttpContent.DnsMessage, null);

    private readonly Inflater _inflater = new();
    private readonly bool _ownsPool;

    private Connection(Http2Options? options, Http2Pool? pool, bool isNegotiated = false)
    {
        _ownsPool = pool is null;
        Pool = pool ?? new Http2Pool();
        Pool.SetDate(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero));
        Session = new Http2Session(options ?? new Http2Options(), Pool, isNegotiated);
    }

    public Http2Pool Pool { get; }

    public Http2Session Session { get; }

    /// <summary>Microseconds.</summary>
    public long Now { get; set; } = 5_000_000;

    /// <summary>A connection on which nothing was said yet.</summary>
    public static Connection Silent(Http2Options? options = null, Http2Pool? pool = null, bool isNegotiated = false) => new(options, pool, isNegotiated);

    /// <summary>A connection whose SETTINGS were exchanged and acknowledged.</summary>
    public static Connection Open(Http2Options? options = null, Http2Pool? pool = null)
    {
        var connection = new Connection(options, pool);
        Assert.True(connection.Give([.. Frames.Opening, .. Frames.Frame(Frames.Settings, Frames.Ack, 0)]));
        connection.Drain();
        return connection;
    }

    public bool Give(params ReadOnlySpan<byte> bytes) => Session.Receive(bytes, Now);

    public Request? Take() => Session.TryTake(out HttpRequest request) ? Request.Of(in request) : null;

    public List<Request> TakeAll()
    {
        List<Request> requests = [];
        while (Take() is { } request)
        {
            requests.Add(request);
        }

        return requests;
    }

    public bool Answer(int stream, params ReadOnlySpan<byte> body) => Session.Respond(stream, in Ok, body, Now);

    /// <summary>Everything the session has to send, asked for in pieces of so many bytes.</summary>
    public byte[] Drain(int piece = 4096)
    {
        List<byte> output = [];
        var buffer = new byte[piece];
        for (int count; (count = Session.Send(buffer)) > 0;)
        {
            output.AddRange(buffer.AsSpan(0, count));
        }

        return [.. output];
    }

    public List<string> Output() => ServerFrames.Read(Drain(), _inflater);

    /// <summary>Everything the session has to send, as it is given one response at a time; of a frame its type, stream and end.</summary>
    public List<List<string>> OutputsOfOne()
    {
        List<List<string>> outputs = [];
        var buffer = new byte[ushort.MaxValue];
        for (int count; (count = Session.SendOne(buffer)) > 0;)
        {
            outputs.Add([.. ServerFrames.Read(buffer.AsSpan(0, count), _inflater).Select(Shortened)]);
        }

        return outputs;

        static string Shortened(string line) => line.StartsWith("PING", StringComparison.Ordinal)
            ? line
            : string.Join(' ', line.Split(' ').Take(2)) + (line.EndsWith(" END", StringComparison.Ordinal) ? " END" : "");
    }

    /// <summary>Ends the session; what peers have not taken must be nobody's then.</summary>
    public void Dispose()
    {
        Session.Dispose();
        _inflater.Dispose();
        if (_ownsPool)
        {
            Assert.Equal(0, Pool.HeldBytes);
            Pool.Dispose();
        }
    }
}
