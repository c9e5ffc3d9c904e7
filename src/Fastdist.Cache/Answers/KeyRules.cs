namespace Fastdist.Cache.Answers;

/// <summary>What of a query's EDNS options is in no key, besides what never is: NSID, client-subnet, keepalive and padding.</summary>
/// <param name="HasCookies">Whether cookies are in it.</param>
/// <param name="Skipped">Codes of others that are not.</param>
public sealed record KeyRules(bool HasCookies, ushort[] Skipped);
