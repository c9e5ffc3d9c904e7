using System;
using CsCheck;
using Fastdist.Fuzz;

namespace Fastdist.Dns.Tests;

/// <summary>What the properties are tried on.</summary>
internal static class Generators
{
    /// <summary>Names in wire form, the root among them.</summary>
    internal static readonly Gen<byte[]> Name = Gen.Byte.Array[1, 63].Array[0, 6].Select(Joined);

    /// <summary>Options with codes around those that matter.</summary>
    internal static readonly Gen<(int Code, byte[] Data)[]> Options =
        Gen.Select(Gen.Int[8, 16], Gen.Byte.Array[0, 20]).Array[0, 6];

    /// <summary>A query for a name whose OPT holds those of the options that are wanted.</summary>
    internal static byte[] WithOptions(byte[] name, (int Code, byte[] Data)[] options, Predicate<int> wanted)
    {
        byte[] data = [];
        foreach ((int code, byte[] value) in options)
        {
            data = wanted(code) ? [.. data, 0, (byte)code, 0, (byte)value.Length, .. value] : data;
        }

        byte[] head = Hex.Bytes("1234 0100 0001 0000 0000 0001", Hex.Of(name), "0001 0001 00 0029 04D0 00000000");
        return [.. head, (byte)(data.Length >> 8), (byte)data.Length, .. data];
    }

    /// <summary>Labels as a name, as many as fit 255 bytes.</summary>
    private static byte[] Joined(byte[][] labels)
    {
        byte[] name = [];
        foreach (byte[] label in labels)
        {
            if (name.Length + label.Length + 2 <= Names.MaxWireLength)
            {
                name = [.. name, (byte)label.Length, .. label];
            }
        }

        return [.. name, 0];
    }
}
