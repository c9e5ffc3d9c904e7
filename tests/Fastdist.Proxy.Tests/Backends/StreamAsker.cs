using System;
using System.Collections.Generic;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Somebody who asks over a stream, and takes note of failures.</summary>
internal sealed class StreamAsker : Asker
{
    public List<FailureKind> Failures { get; } = [];

    public List<byte[]> Answers { get; } = [];

    public override void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer) => Answers.Add(answer.ToArray());

    public override void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure) => Failures.Add(failure.Kind);
}
