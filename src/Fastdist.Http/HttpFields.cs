using System;

namespace Fastdist.Http;

/// <summary>A header field of a request.</summary>
/// <param name="name">Its name, in lower case.</param>
/// <param name="value">Its value.</param>
public readonly ref struct HttpField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    /// <summary>Its name, in lower case.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Header fields one after the other, for <c>foreach</c>. Good for as long as the request is.</summary>
public ref struct HttpFields
{
    private readonly ReadOnlySpan<byte> _list;
    private int _next;

    /// <param name="list">Fields as <see cref="FieldList"/> lays them out.</param>
    internal HttpFields(ReadOnlySpan<byte> list) => _list = list;

    /// <summary>The field it is at.</summary>
    public HttpField Current { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        if (_next == _list.Length)
        {
            return false;
        }

        _next = FieldList.Read(_list, _next, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
        Current = new HttpField(name, value);
        return true;
    }

    /// <summary>Itself, from the beginning.</summary>
    public readonly HttpFields GetEnumerator() => new(_list);
}
