using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Selectors;

namespace Fastdist.Proxy.Files;

/// <summary>Writes noted messages as dnsdist's LogAction and LogResponseAction do. It may allocate, since no shard does it.</summary>
internal static class MessageText
{
    private const ushort FamilyV4 = 2, FamilyV6 = 10;
    private const int NanosecondsPerTick = 100;

    /// <summary>Writes one.</summary>
    public static void Write(ArrayBufferWriter<byte> output, in LoggedMessage message, ReadOnlySpan<byte> name)
    {
        if (message.Form.HasFlag(NoteForm.IsBinary))
        {
            WriteBinary(output, in message, name);
        }
        else
        {
            WriteLine(output, in message, name);
        }
    }

    private static void WriteLine(ArrayBufferWriter<byte> output, in LoggedMessage message, ReadOnlySpan<byte> name)
    {
        (long seconds, uint nanoseconds) = TimeOf(in message);
        string time = message.Form.HasFlag(NoteForm.HasTime) ? string.Create(CultureInfo.InvariantCulture, $"[{seconds}.{nanoseconds:D9}] ") : "";
        bool isAnswer = message.Form.HasFlag(NoteForm.IsAnswer);
        string outcome = isAnswer ? $" ({RcodeTexts.Of(message.Rcode)})" : "";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{time}{(isAnswer ? "Answer to" : "Packet from")} {message.Client} for {Names.ToText(name)} {RecordTypes.ToText((RecordType)message.Type)}{outcome} with id {message.Id}\n");
        Encoding.UTF8.GetBytes(line, output);
    }

    /// <summary>
    /// dnsdist 1.9's form of a query: the time if wanted (8 bytes of seconds, 4 of nanoseconds), the ID as it was sent, the name, and the type, the address's
    /// family, the address and the port. ID and port are in network order, the others in that of the machine, which is little-endian wherever this runs.
    /// </summary>
    private static void WriteBinary(ArrayBufferWriter<byte> output, in LoggedMessage message, ReadOnlySpan<byte> name)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        if (message.Form.HasFlag(NoteForm.HasTime))
        {
            (long seconds, uint nanoseconds) = TimeOf(in message);
            BinaryPrimitives.WriteInt64LittleEndian(number, seconds);
            output.Write(number);
            BinaryPrimitives.WriteUInt32LittleEndian(number, nanoseconds);
            output.Write(number[..sizeof(uint)]);
        }

        SocketAddress client = message.Client;
        BinaryPrimitives.WriteUInt16BigEndian(number, message.Id);
        output.Write(number[..sizeof(ushort)]);
        output.Write(name);
        BinaryPrimitives.WriteUInt16LittleEndian(number, message.Type);
        BinaryPrimitives.WriteUInt16LittleEndian(number[sizeof(ushort)..], client.IsIPv6 ? FamilyV6 : FamilyV4);
        output.Write(number[..(2 * sizeof(ushort))]);
        output.Write(client.AddressBytes);
        BinaryPrimitives.WriteUInt16BigEndian(number, client.Port);
        output.Write(number[..sizeof(ushort)]);
    }

    private static (long Seconds, uint Nanoseconds) TimeOf(in LoggedMessage message)
    {
        (long seconds, long ticks) = Math.DivRem(message.Time - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        return (seconds, (uint)ticks * NanosecondsPerTick);
    }
}
