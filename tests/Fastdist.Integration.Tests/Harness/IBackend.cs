using System;
using System.Net;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A real daemon that answers over DNS-over-TLS.</summary>
internal interface IBackend : IAsyncDisposable
{
    /// <summary>Its name in fastdist's options and log.</summary>
    string Name { get; }

    IPEndPoint EndPoint { get; }
}
