using System.Threading;
using Fastdist.Control.Figures;

namespace Fastdist.Control.Web;

/// <summary>What the web server did and refused. Counted and read from any thread.</summary>
public sealed class WebCounters : OperatorCounters
{
    private long _requests;
    private long _wrongSecrets;
    private long _aclDrops;
    private long _tooManyAttempts;
    private long _errors;

    /// <summary>Requests, those refused included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests refused for a wrong password or key; those that show none are not counted.</summary>
    public long WrongSecrets => Interlocked.Read(ref _wrongSecrets);

    /// <summary>Connections closed because the ACL does not list the client.</summary>
    public long AclDrops => Interlocked.Read(ref _aclDrops);

    /// <summary>Requests refused unread because too many before them from the same address showed a wrong password or key.</summary>
    public long TooManyAttempts => Interlocked.Read(ref _tooManyAttempts);

    /// <summary>Requests that failed for a fault of this program.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    internal override string Thing => "web";

    internal override string Description => "the web server";

    internal override (string Name, long Value)[] All() =>
    [
        ("requests", Requests), ("wrong-secrets", WrongSecrets), ("acl-drops", AclDrops), ("too-many-attempts", TooManyAttempts), ("errors", Errors),
    ];

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountWrongSecret() => Interlocked.Increment(ref _wrongSecrets);

    internal void CountAclDrop() => Interlocked.Increment(ref _aclDrops);

    internal void CountTooManyAttempts() => Interlocked.Increment(ref _tooManyAttempts);

    internal void CountError() => Interlocked.Increment(ref _errors);
}
