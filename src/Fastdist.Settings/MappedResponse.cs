using System;
using Fastdist.Http;

namespace Fastdist.Settings;

/// <summary>
/// A response that requests at certain paths get in place of DNS. Equal to another that says the same, so that a configuration that is read again changes
/// nothing.
/// </summary>
/// <param name="paths">What paths it is for, as it was written.</param>
/// <param name="response">The response.</param>
public abstract class MappedResponse(string paths, FixedResponse response) : IEquatable<MappedResponse>
{
    /// <summary>What paths it is for, as it was written.</summary>
    public string Paths => paths;

    /// <summary>The response.</summary>
    public FixedResponse Response => response;

    /// <inheritdoc/>
    public bool Equals(MappedResponse? other) => other is not null && other.Paths == paths && other.Response.Equals(response);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MappedResponse);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(paths, response);

    /// <inheritdoc/>
    public override string ToString() => $"{paths} -> {response.Status}";
}
