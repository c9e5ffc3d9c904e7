using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Settings;

/// <summary>Records compare their lists as objects: these give a record another's lists where the same is in them, so that the two are equal when all is the same.</summary>
public static class SharedLists
{
    /// <summary>A frontend with the lists of another.</summary>
    public static FrontendOptions With(this FrontendOptions frontend, FrontendOptions other) => frontend with
    {
        AdditionalAddresses = Shared(frontend.AdditionalAddresses, other.AdditionalAddresses),
        Tls = frontend.Tls is { } tls && other.Tls is { } otherTls ? With(tls, otherTls) : frontend.Tls,
        Doh = frontend.Doh is { } doh && other.Doh is { } otherDoh ? With(doh, otherDoh) : frontend.Doh,
    };

    /// <summary>A backend with the lists of another.</summary>
    public static BackendOptions With(this BackendOptions backend, BackendOptions other) => backend with
    {
        Pins = Shared(backend.Pins, other.Pins),
        Pools = Shared(backend.Pools, other.Pools),
    };

    /// <summary>A cache with the lists of another.</summary>
    public static CacheOptions With(this CacheOptions cache, CacheOptions other) => cache with { SkipOptions = Shared(cache.SkipOptions, other.SkipOptions) };

    private static TlsFrontendOptions With(TlsFrontendOptions tls, TlsFrontendOptions other) => tls with
    {
        Certificates = Shared(tls.Certificates, other.Certificates),
        OcspResponses = Shared(tls.OcspResponses, other.OcspResponses),
    };

    private static DohFrontendOptions With(DohFrontendOptions doh, DohFrontendOptions other) => doh with
    {
        Paths = Shared(doh.Paths, other.Paths),
        CustomResponseHeaders = Shared(doh.CustomResponseHeaders, other.CustomResponseHeaders),
        CorsOrigins = Shared(doh.CorsOrigins, other.CorsOrigins),
        ResponsesMap = Shared(doh.ResponsesMap, other.ResponsesMap),
    };

    private static IReadOnlyList<T> Shared<T>(IReadOnlyList<T> list, IReadOnlyList<T> other) => list.SequenceEqual(other) ? other : list;
}
