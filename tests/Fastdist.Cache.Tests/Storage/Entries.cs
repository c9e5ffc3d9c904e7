using System;
using System.Buffers.Binary;
using System.Text;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>Numbered entries for tests.</summary>
internal static class Entries
{
    public const uint Now = 1000;

    [ThreadStatic]
    private static byte[]? s_value;

    /// <summary>A hash whose bits are all of use.</summary>
    public static ulong Hash(int number)
    {
        ulong hash = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    public static byte[] Key(int number)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        return key;
    }

    public static Insertion Insert(this EntryStore store, int number, ReadOnlySpan<byte> value, uint ends = Now + 100, EntryTraits traits = EntryTraits.None)
    {
        var head = new EntryHead { Added = Now, Ends = ends, Traits = traits };
        return store.Insert(Hash(number), Key(number), value, in head, Now, false);
    }

    public static void Keep(this EntryStore store, int number, string value = "value", uint ends = Now + 100, EntryTraits traits = EntryTraits.None) =>
        Assert.Equal(Insertion.Done, store.Insert(number, Encoding.ASCII.GetBytes(value), ends, traits));

    /// <summary>The value of an entry; null when it is not there.</summary>
    public static string? Text(this EntryStore store, int number) => Text(store, Hash(number), Key(number));

    public static string? Text(this EntryStore store, ulong hash, ReadOnlySpan<byte> key)
    {
        s_value ??= new byte[1 << 17];
        return store.Read(hash, key, s_value, out int length, out _, out _) == Finding.Found ? Encoding.ASCII.GetString(s_value, 0, length) : null;
    }

    public static bool Has(this EntryStore store, int number) => store.Text(number) is not null;
}
