using System;

namespace Fastdist.Control.Dialogue;

/// <summary>How a reply says that its command could not be run, of dnsdist's console as well.</summary>
internal static class Reply
{
    private const string ErrorStart = "Error: ";

    /// <summary>The reply to a command that could not be run.</summary>
    /// <param name="message">Why.</param>
    public static string Error(string message) => $"{ErrorStart}{message}\n";

    /// <summary>Whether a reply says that the command could not be run.</summary>
    public static bool IsError(string reply) => reply.StartsWith(ErrorStart, StringComparison.Ordinal);
}
