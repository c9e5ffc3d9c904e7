using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Http;

namespace Fastdist.Settings.Tables;

/// <summary>The options of <c>--doh-local</c>, named as in dnsdist's addDOHLocal; those of TLS are <c>--tls-local</c>'s.</summary>
public static class DohFrontendOptionTable
{
    private const int Port = 443;

    // The Server header is one more.
    private const int MostCustomHeaders = Http2Options.MaxExtraHeaders - 1;

    /// <summary>What only HTTP has.</summary>
    public static readonly OptionEntry<FrontendOptions>[] Own =
    [
        new("path", "PATH", DohFrontendOptions.DefaultPath, "", "where DNS is served; several for several paths", o => o.Doh!.Paths.DefaultIfEmpty(DohFrontendOptions.DefaultPath), (o, v) => With(o, d => d with { Paths = [.. d.Paths, Path(v)] })) { IsRepeatable = true },
        new("exactPathMatching", "true|false", "true", "", "whether what is below these paths is not served", o => o.Doh!.ExactPathMatching, (o, v) => With(o, d => d with { ExactPathMatching = Values.Boolean(v) })),
        new("customResponseHeaders", "NAME:VALUE", "", "", "header field of every response", o => o.Doh!.CustomResponseHeaders.Select(HeaderField.Join), (o, v) => With(o, d => d with { CustomResponseHeaders = Add(d.CustomResponseHeaders, v) })) { IsRepeatable = true },
        new("corsOrigin", "ORIGIN", "", "", "whose web pages may ask by script (CORS): https://page.example, several for several, or * for all; OPTIONS is answered then", o => o.Doh!.CorsOrigins, (o, v) => With(o, d => d with { CorsOrigins = AddOrigin(d.CorsOrigins, v) })) { IsRepeatable = true },
        new("serverTokens", "TEXT", "fastdist", "", "the Server header; empty for none", o => o.Doh!.ServerTokens, (o, v) => With(o, d => d with { ServerTokens = HeaderValue(v) })),
        new("trustForwardedForHeader", "true|false", "false", "", "whether the last address in X-Forwarded-For is the client, for ACL and client subnet", o => o.Doh!.TrustForwardedForHeader, (o, v) => With(o, d => d with { TrustForwardedForHeader = Values.Boolean(v) })),
        new("keepIncomingHeaders", "true|false", "false", "", "whether all header fields of requests are kept, for HTTPHeaderRule and scripts", o => o.Doh!.KeepIncomingHeaders, (o, v) => With(o, d => d with { KeepIncomingHeaders = Values.Boolean(v) })),
        new("sendCacheControlHeaders", "true|false", "true", "", "whether responses say how long HTTP caches may keep them", o => o.Doh!.SendCacheControlHeaders, (o, v) => With(o, d => d with { SendCacheControlHeaders = Values.Boolean(v) })),
        new("idleTimeout", "N", "30", "s", "without a request, after which a connection ends; 0 is never", o => o.Doh!.IdleTimeout, (o, v) => With(o, d => d with { IdleTimeout = Values.Integer(v, 0, 86_400) })),
        new("maxHeaderSize", "N", "16384", "bytes", "of header fields in a request; more is answered with 431", o => o.Doh!.MaxHeaderSize, (o, v) => With(o, d => d with { MaxHeaderSize = Values.Integer(v, 1024, 65_536) })),
        new("maxControlFrames", "N", "200", "frames", "without a request that a connection may send a second, besides one a request", o => o.Doh!.MaxControlFrames, (o, v) => With(o, d => d with { MaxControlFrames = Values.Integer(v, 10, 1 << 20) })),
        new("maxResets", "N", "100", "streams", "of a connection that either side may reset a second", o => o.Doh!.MaxResets, (o, v) => With(o, d => d with { MaxResets = Values.Integer(v, 1, 1 << 20) })),
        new("maxRequestsPerTurn", "N", "64", "requests", "of one connection handled before others have their turn", o => o.Doh!.MaxRequestsPerTurn, (o, v) => With(o, d => d with { MaxRequestsPerTurn = Values.Integer(v, 1, 1 << 20) })),
    ];

    /// <summary>All there are.</summary>
    public static readonly OptionTable<FrontendOptions> Table = new([.. Own, .. TlsFrontendOptionTable.Common]);

    /// <summary>Reads <c>ADDR[:PORT][,cert=FILE,key=FILE][,option=value...]</c>.</summary>
    /// <exception cref="OptionException">It cannot be used.</exception>
    public static FrontendOptions Parse(string text)
    {
        return Checked(FrontendOptionTable.Parse("--doh-local", text, Port, Table, start => start with { Doh = new DohFrontendOptions(), Tls = new TlsFrontendOptions() }));
    }

    /// <summary>Refuses options that contradict each other; without a certificate there is no TLS.</summary>
    /// <exception cref="OptionException">Some do; the message says which.</exception>
    public static FrontendOptions Checked(FrontendOptions options)
    {
        if (options.Doh!.CorsOrigins.Count > 0 && options.Doh.CustomResponseHeaders.Any(header => header.Key.StartsWith("access-control-", StringComparison.Ordinal)))
        {
            throw new OptionException($"{options.Flag}: corsOrigin and customResponseHeaders both say what scripts may do (access-control-...): keep one");
        }

        if (options.Tls!.Certificates.Count > 0)
        {
            return TlsFrontendOptionTable.Checked(options);
        }

        // The empty lists of both are the same ones.
        return options.Tls == new TlsFrontendOptions()
            ? options with { Tls = null }
            : throw new OptionException($"{options.Flag}: there are TLS options but no certificate: add cert=FILE,key=FILE, or leave them out for HTTP/2 in the clear");
    }

    private static FrontendOptions With(FrontendOptions options, Func<DohFrontendOptions, DohFrontendOptions> change) => options with { Doh = change(options.Doh!) };

    private static string Path(string text) => text.StartsWith('/') && text.All(c => c is > ' ' and < (char)127 and not ('?' or '#'))
        ? text
        : throw new FormatException("expected a path such as /dns-query");

    private static IReadOnlyList<KeyValuePair<string, string>> Add(IReadOnlyList<KeyValuePair<string, string>> headers, string text)
    {
        KeyValuePair<string, string> header = HeaderField.Split(text);
        if (headers.Count == MostCustomHeaders)
        {
            throw new FormatException($"{MostCustomHeaders} header fields are the most");
        }

        return Validated([.. headers, header]);
    }

    private static IReadOnlyList<string> AddOrigin(IReadOnlyList<string> origins, string text)
    {
        string[] all = [.. origins, text];
        return CorsPolicy.Objection(all) is { } objection ? throw new FormatException(objection) : all;
    }

    private static string HeaderValue(string text)
    {
        Validated([new("server", text)]);
        return text;
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Validated(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        Http2Options.Objection(headers) is { } objection ? throw new FormatException(objection) : headers;
}
