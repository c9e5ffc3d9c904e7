using System;

namespace Fastdist.Proxy.Frontends;

/// <summary>How the ticket keys of a frontend stand.</summary>
/// <param name="Count">Keys kept, the active one included.</param>
/// <param name="RotationDelay">Seconds from one active key to the next; 0 for never.</param>
/// <param name="NextRotation">When the next one is due; null for never, and for keys that derive from a secret and the time.</param>
public sealed record TicketKeyStatus(int Count, int RotationDelay, DateTimeOffset? NextRotation);
