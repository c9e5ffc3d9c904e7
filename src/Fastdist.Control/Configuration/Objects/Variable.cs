using System.Collections.Generic;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>An object of a script that holds a value and may come to hold another; two that hold the same are equal.</summary>
/// <param name="value">What it holds first.</param>
internal sealed class Variable<T>(T value)
    where T : notnull
{
    /// <summary>What it holds now.</summary>
    public T Value { get; set; } = value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Variable<T> other && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}
