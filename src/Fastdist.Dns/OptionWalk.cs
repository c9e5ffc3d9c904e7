using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>Goes over the options in a message's OPT (RFC 6891 section 6.1.2); a message without a sound one has none.</summary>
public ref struct OptionWalk
{
    private readonly ReadOnlySpan<byte> _options;
    private int _next;

    /// <summary>Stands before the first.</summary>
    /// <param name="message">The message.</param>
    public OptionWalk(ReadOnlySpan<byte> message)
    {
        if (message.Length >= Header.Size && MessageMap.TryWalk(message, message.Length, out MessageMap map) && map.HasOpt)
        {
            _options = new OptRecord(message[map.OptOffset..map.OptEnd]).Options;
        }
    }

    private OptionWalk(ReadOnlySpan<byte> options, int next)
    {
        _options = options;
        _next = next;
    }

    /// <summary>The option's code.</summary>
    public ushort Code { get; private set; }

    /// <summary>Its data.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>The whole option: code, length and data.</summary>
    public readonly ReadOnlySpan<byte> Option => _options.Slice(_next - Data.Length - OptRecord.OptionHeaderSize, OptRecord.OptionHeaderSize + Data.Length);

    /// <summary>Stands before the first of options that are one behind the other, as in an OPT's RDATA.</summary>
    public static OptionWalk Over(ReadOnlySpan<byte> options) => new(options, 0);

    /// <summary>Goes to the next; false when there is none, or it is broken.</summary>
    public bool Next()
    {
        int end = _next < _options.Length ? OptRecord.EndOfOption(_options, _next) : -1;
        if (end < 0)
        {
            return false;
        }

        Code = BinaryPrimitives.ReadUInt16BigEndian(_options[_next..]);
        Data = _options[(_next + OptRecord.OptionHeaderSize)..end];
        _next = end;
        return true;
    }
}
