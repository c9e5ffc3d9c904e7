using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Fuzz;

/// <summary>Well-formed messages of every shape that a proxy meets, and a few that are ill-formed with intent.</summary>
internal static class Corpus
{
    internal const string ExampleCom = "07 6578616D706C65 03 636F6D 00";
    internal const string Internet = "0001";
    internal const string EmptyOpt = "00 0029 04D0 00000000 0000";
    internal const string Cookie = "000A 0008 0102030405060708";
    internal const string Keepalive = "000B 0002 0064";
    internal const string EmptyKeepalive = "000B 0000";
    internal const string Subnet = "0008 0007 0001 18 00 C00002";
    internal const string Padding = "000C 0004 00000000";
    internal const string Reason = "000F 0004 0003 6F6C";
    internal const string PointerToQuestion = "C00C";

    /// <summary>TSIG with the root for its key and its algorithm, and an empty MAC.</summary>
    internal const string Tsig = "00 00FA 00FF 00000000 0011 00 000000000000 012C 0000 1234 0000 0000";

    /// <summary>SIG covering type 0, as SIG(0) is, with an empty signature.</summary>
    internal const string Sig0 = "00 0018 00FF 00000000 0013 0000 0D 00 00000000 00000000 00000000 0001 00";

    internal const string AddressRecord = PointerToQuestion + "0001 0001 0000003C 0004 C0000201";

    internal static IReadOnlyDictionary<string, byte[]> Messages { get; } = new Dictionary<string, byte[]>
    {
        ["query"] = Query(ExampleCom, "0001"),
        ["query for the root"] = Query("00", "0002"),
        ["query in mixed case"] = Query("07 4578614D704C65 03 434F6D 00", "001C"),
        ["query of the longest name"] = Query(LongestName, "0010"),
        ["query with EDNS"] = Query(ExampleCom, "0001", EmptyOpt),
        ["query with cookie, padding and DO"] = Query(ExampleCom, "0001", "00 0029 1000 00008000 0014", Cookie, Padding),
        ["query with keepalive alone"] = Query(ExampleCom, "0001", "00 0029 1000 00000000 0004 000B0000"),
        ["query with client subnet, keepalive and padding"] = Query(
            ExampleCom, "0001", "00 0029 1000 00000000 0017", Subnet, EmptyKeepalive, Padding),
        ["query of EDNS version 1"] = Query(ExampleCom, "0001", "00 0029 1000 00010000 0008", Padding),
        ["query with TSIG"] = Query(ExampleCom, "0001", "00 0029 1000 00000000 0008", Padding, Tsig),
        ["query with SIG(0)"] = Query(ExampleCom, "0001", "00 0029 1000 00000000 0008", Padding, Sig0),
        ["query with TSIG before its OPT"] = Query(ExampleCom, "0001", Tsig, "00 0029 1000 00000000 0008", Padding),
        ["query with SIG(0) before its OPT"] = Query(ExampleCom, "0001", Sig0, "00 0029 1000 00000000 0008", Padding),
        ["query with an address before its OPT"] = Query(ExampleCom, "0001", AddressRecord, "00 0029 1000 00000000 0008", Padding),
        ["query with two OPTs"] = Query(ExampleCom, "0001", EmptyOpt, EmptyOpt),
        ["query with a broken option"] = Query(ExampleCom, "0001", "00 0029 1000 00000000 0008 000C 0005 00000000"),
        ["query with bytes after its OPT"] = [.. Query(ExampleCom, "0001", "00 0029 1000 00000000 0008", Padding), 0, 0],
        ["query with an option past its OPT's end"] = [.. Query(ExampleCom, "0001", EmptyOpt), 0, 12, 0, 0],
        ["AXFR"] = Query(ExampleCom, "00FC"),
        ["IXFR"] = Hex.Bytes("1234 0000 0001 0000 0001 0000", ExampleCom, "00FB 0001", Soa),
        ["update"] = Hex.Bytes("1234 2800 0001 0000 0000 0000", ExampleCom, "0006 0001"),
        ["query whose name points to itself"] = Query("C00C", "0001"),
        ["answer"] = Hex.Bytes("1234 8180 0001 0001 0000 0001", ExampleCom, "0001 0001", AddressRecord, EmptyOpt),
        ["answer without EDNS"] = Hex.Bytes("1234 8180 0001 0001 0000 0000", ExampleCom, "0001 0001", AddressRecord),
        ["answer with padding between options"] = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", ExampleCom, "0001 0001", AddressRecord,
            "00 0029 04D0 00008000 0026", Cookie, Padding, Cookie, Keepalive),
        ["answer with reasons"] = Hex.Bytes(
            "1234 8182 0001 0000 0000 0001", ExampleCom, "0001 0001", "00 0029 04D0 00000000 001C", Reason, Cookie, Reason),
        ["answer with addresses after its OPT"] = Hex.Bytes(
            "1234 8180 0001 0000 0000 0003", ExampleCom, "0001 0001", "00 0029 04D0 00000000 0014", Padding, Cookie,
            AddressRecord, PointerToQuestion, "001C 0001 0000003C 0010 20010DB8000000000000000000000001"),
        ["answer with a name server after its OPT"] = Hex.Bytes(
            "1234 8180 0001 0000 0000 0002", ExampleCom, "0001 0001", "00 0029 04D0 00000000 0008", Padding,
            PointerToQuestion, "0002 0001 0000003C 0002 C00C"),
        ["answer with a pointer into what follows its OPT"] = Hex.Bytes(
            "1234 8180 0001 0000 0000 0003", ExampleCom, "0001 0001", "00 0029 04D0 00000000 0008", Padding,
            "0161 00 0001 0001 0000003C 0004 C0000201", "C030 0001 0001 0000003C 0004 C0000201"),
        ["answer with an OPT in its answer section"] = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", ExampleCom, "0001 0001", "00 0029 04D0 00000000 0008", Padding, AddressRecord),
        ["name error"] = Hex.Bytes("1234 8183 0001 0000 0001 0001", ExampleCom, "0001 0001", Soa, EmptyOpt),
        ["refusal without a question"] = Hex.Bytes("1234 8185 0000 0000 0000 0001", EmptyOpt),
        ["answer of an extended RCODE"] = Hex.Bytes(
            "1234 8181 0001 0000 0000 0001", ExampleCom, "0001 0001", "00 0029 04D0 01000000 000C", Cookie),
        ["answer with an alias"] = Hex.Bytes(
            "1234 8180 0001 0002 0000 0001", ExampleCom, "0001 0001",
            PointerToQuestion, "0005 0001 0000003C 0006 03777777 C00C", "C029 0001 0001 0000003C 0004 C0000201", EmptyOpt),
        ["answer whose records point to one another"] = Hex.Bytes(
            "1234 8180 0001 0003 0002 0001", ExampleCom, "0001 0001",
            PointerToQuestion, "0005 0001 0000003C 0006 03777777 C00C", "C029 0001 0001 0000003C 0004 C0000201",
            "C029 000F 0001 0000003C 0009 000A 046D61696C C02D",
            "C00C 0006 0001 0000003C 001E 026E73 C00C 026E73 C029 00000001 00000002 00000003 00000004 00000005",
            "C060 0023 0001 0000003C 000C 0001 0002 0141 00 00 C04D 6767", EmptyOpt),
        ["answer with a loop of pointers"] = Hex.Bytes(
            "1234 8180 0001 0002 0000 0000", ExampleCom, "0001 0001",
            "C02D 0001 0001 0000003C 0004 C0000201", "C01D 0001 0001 0000003C 0004 C0000201"),
        ["signed answer"] = Hex.Bytes(
            "1234 8180 0001 0001 0000 0002", ExampleCom, "0001 0001", AddressRecord, "00 0029 04D0 00000000 0008", Padding, Tsig),
    };

    internal static IReadOnlyList<byte[]> All { get; } = Messages.Values.ToArray();

    /// <summary>Four labels, 63, 63, 63 and 61 bytes: with length bytes and root 255.</summary>
    internal static string LongestName =>
        string.Concat(Enumerable.Repeat("3F" + string.Concat(Enumerable.Repeat("61", 63)), 3)) +
        "3D" + string.Concat(Enumerable.Repeat("5A", 61)) + "00";

    internal static string Soa =>
        PointerToQuestion + "0006 0001 0000003C 0018 C00C C00C 00000001 00000002 00000003 00000004 00000005";

    /// <summary>A query with records in its additional section; the options named here belong to the record before them.</summary>
    internal static byte[] Query(string name, string type, params string[] additional)
    {
        int records = additional.Count(part => part is not (Cookie or Keepalive or Padding or EmptyKeepalive or Subnet or Reason));
        return Hex.Bytes(["1234 0100 0001 0000 0000", records.ToString("X4", null), name, type, Internet, .. additional]);
    }
}
