using System;
using CsCheck;
using Xunit;

namespace Fastdist.Dns.Tests;

public class EdnsPropertyTests
{
    [Fact]
    public void A_padded_length_is_the_least_multiple_that_holds_the_option() =>
        Gen.Select(Generators.Name, Generators.Options, Gen.Int[1, 600], Gen.Int[0, 1200]).Sample((name, options, block, room) =>
        {
            byte[] message = Generators.WithOptions(name, options, _ => true);
            int bare = Generators.WithOptions(name, options, code => code != 12).Length;
            byte[] buffer = [.. message, .. new byte[room]];
            int length = message.Length;
            if (!Padding.TryPad(buffer, ref length, block))
            {
                return length == message.Length && buffer.Length < bare + 4;
            }

            bool fillsRoom = length == buffer.Length && length < bare + 4 + block;
            return length >= bare + 4 && (length % block == 0 ? length < bare + 4 + block : fillsRoom);
        });

    [Fact]
    public void Padding_is_the_last_option_and_zero_and_the_others_are_as_they_were() =>
        Gen.Select(Generators.Name, Generators.Options, Gen.Int[1, 600]).Sample((name, options, block) =>
        {
            byte[] buffer = [.. Generators.WithOptions(name, options, _ => true), .. new byte[1000]];
            int length = buffer.Length - 1000;
            byte[] bare = Generators.WithOptions(name, options, code => code != 12);
            bool padded = Padding.TryPad(buffer, ref length, block);
            int option = bare.Length;
            int zeros = length - option - 4;
            return padded && buffer[option] == 0 && buffer[option + 1] == 12 && ((buffer[option + 2] << 8) | buffer[option + 3]) == zeros &&
                !buffer.AsSpan(option + 4, zeros).ContainsAnyExcept((byte)0) &&
                EdnsEdit.TryRemoveOption(buffer, ref length, EdnsOption.Padding) && buffer.AsSpan(0, length).SequenceEqual(bare);
        });

    [Fact]
    public void An_option_that_was_added_is_found_and_comes_out_again() =>
        Gen.Select(Generators.Name, Generators.Options, Gen.Byte.Array[0, 50]).Sample((name, options, data) =>
        {
            byte[] message = Generators.WithOptions(name, options, code => code != 8);
            byte[] buffer = [.. message, .. new byte[54]];
            int length = message.Length;
            return EdnsEdit.TryAddOption(buffer, ref length, EdnsOption.ClientSubnet, data) &&
                length == message.Length + 4 + data.Length && IsQueryWithSubnet(buffer.AsSpan(0, length)) &&
                EdnsEdit.TryRemoveOption(buffer, ref length, EdnsOption.ClientSubnet) &&
                buffer.AsSpan(0, length).SequenceEqual(message);
        });

    [Fact]
    public void An_OPT_that_was_added_carries_options_and_goes_without_a_trace() =>
        Gen.Select(Generators.Name, Gen.UShort, Gen.Byte.Array[16, 16], Gen.Int[0, 128]).Sample((name, size, address, prefix) =>
        {
            var buffer = new byte[1000];
            int bare = QueryWriter.Write(buffer, 1, name, RecordType.A);
            byte[] query = buffer[..bare];
            int length = bare;
            return EdnsEdit.TryAppendOpt(buffer, ref length, size) && length == bare + 11 &&
                ClientSubnet.TryAdd(buffer, ref length, address, prefix) && IsQueryWithSubnet(buffer.AsSpan(0, length)) &&
                Padding.TryPad(buffer, ref length, Padding.QueryBlock) && length % 128 == 0 &&
                EdnsEdit.TryRemoveOpt(buffer, ref length) && buffer.AsSpan(0, length).SequenceEqual(query);
        });

    [Fact]
    public void A_subnet_agrees_with_its_address_in_the_prefix_and_is_zero_beyond() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[16, 16], Gen.Int[0, 128]).Sample((isIPv6, bytes, bits) =>
        {
            byte[] address = isIPv6 ? bytes : bytes[..4];
            int prefix = bits % ((address.Length * 8) + 1);
            var data = new byte[ClientSubnet.MaxSize];
            int size = ClientSubnet.Write(data, address, prefix);
            bool same = size == 4 + ((prefix + 7) / 8);
            for (int bit = 0; bit < (size - 4) * 8; bit++)
            {
                int told = data[4 + (bit / 8)] >> (7 - (bit % 8)) & 1;
                same &= told == (bit < prefix ? address[bit / 8] >> (7 - (bit % 8)) & 1 : 0);
            }

            return same;
        });

    private static bool IsQueryWithSubnet(ReadOnlySpan<byte> message) =>
        Query.Parse(message, out Query query) == QueryVerdict.Forward && query.Edns.HasFlag(EdnsTraits.ClientSubnet);
}
