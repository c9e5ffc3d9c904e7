namespace Fastdist.Settings;

/// <summary>
/// Where a thing was written that has a place: file, line and function. It is no part of what was written: two things that are the same but for it
/// are the same.
/// </summary>
/// <param name="Text">For instance <c>/etc/fastdist.conf:12: addTLSLocal</c>; empty for the command line, where the flag says it.</param>
public readonly record struct WrittenAt(string? Text)
{
    /// <inheritdoc/>
    public bool Equals(WrittenAt other) => true;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>What messages begin with.</summary>
    /// <param name="flag">The flag that would say it on the command line.</param>
    public string Or(string flag) => string.IsNullOrEmpty(Text) ? flag : Text;
}
