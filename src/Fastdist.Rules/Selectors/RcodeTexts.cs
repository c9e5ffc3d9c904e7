namespace Fastdist.Rules.Selectors;

/// <summary>RCODEs in dnsdist's words.</summary>
public static class RcodeTexts
{
    private static readonly string[] s_texts =
    [
        "No Error", "Form Error", "Server Failure", "Non-Existent domain", "Not Implemented", "Query Refused", "Name Exists when it should not", "RR Set Exists when it should not",
        "RR Set that should exist does not", "Server Not Authoritative for zone / Not Authorized", "Name not contained in zone", "Err#11", "Err#12", "Err#13", "Err#14", "Err#15",
        "Bad OPT Version / TSIG Signature Failure", "Key not recognized", "Signature out of time window", "Bad TKEY Mode", "Duplicate key name", "Algorithm not supported", "Bad Truncation", "Bad/missing Server Cookie",
    ];

    /// <summary>The words for an RCODE.</summary>
    public static string Of(int rcode) => rcode < s_texts.Length ? s_texts[rcode] : $"Err#{rcode}";
}
