using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Http;

/// <summary>Which targets are DNS, and how a message is found in a request (RFC 8484 section 4.1).</summary>
public sealed class DohPaths
{
    private readonly byte[][] _paths;
    private readonly bool _exact;

    /// <param name="paths">Paths that are served, each beginning with a slash.</param>
    /// <param name="exact">Whether what is below them is not.</param>
    public DohPaths(IReadOnlyList<string> paths, bool exact)
    {
        _paths = [.. paths.Select(Encoding.ASCII.GetBytes)];
        _exact = exact;
    }

    /// <summary>Finds the DNS message of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scratch">Room to decode into, 65,535 bytes.</param>
    /// <param name="message">The message, when the status is 200; refers to the request or to the room.</param>
    /// <returns>200, or the status of the refusal.</returns>
    public int Read(in HttpRequest request, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (request.IsHeaderTooLarge)
        {
            return HttpStatus.HeaderTooLarge;
        }

        if (request.IsOverBudget)
        {
            return HttpStatus.ServiceUnavailable;
        }

        ReadOnlySpan<byte> target = request.Target;
        int mark = target.IndexOf((byte)'?');
        if (!IsServed(mark < 0 ? target : target[..mark]))
        {
            return HttpStatus.NotFound;
        }

        switch (request.Method)
        {
            case HttpMethod.Get or HttpMethod.Head:
                return mark >= 0 && TryDecode(target[(mark + 1)..], scratch, out message) ? HttpStatus.Ok : HttpStatus.BadRequest;
            case HttpMethod.Post when request.IsBodyTooLarge:
                return HttpStatus.BodyTooLarge;
            case HttpMethod.Post when !request.IsDnsMessage:
                return HttpStatus.UnsupportedMediaType;
            case HttpMethod.Post:
                message = request.Body;
                return message.IsEmpty ? HttpStatus.BadRequest : HttpStatus.Ok;
            default:
                return HttpStatus.MethodNotAllowed;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> query, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        foreach (Range range in query.Split((byte)'&'))
        {
            ReadOnlySpan<byte> parameter = query[range];
            if (parameter.StartsWith("dns="u8))
            {
                bool isSound = Base64Url.DecodeFromUtf8(parameter[4..], scratch, out _, out int written) == OperationStatus.Done;
                message = scratch[..written];
                return isSound && written > 0;
            }
        }

        message = default;
        return false;
    }

    private bool IsServed(ReadOnlySpan<byte> path)
    {
        foreach (byte[] served in _paths)
        {
            if (path.SequenceEqual(served) || (!_exact && path.StartsWith(served) && (served[^1] == '/' || path[served.Length] == '/')))
            {
                return true;
            }
        }

        return false;
    }
}
