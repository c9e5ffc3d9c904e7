namespace Fastdist.Settings.Rules;

/// <summary>What is done with the queries of who is blocked.</summary>
public enum BlockAction
{
    /// <summary>What <c>setDynBlocksAction</c> says.</summary>
    None,

    /// <summary>No answer.</summary>
    Drop,

    /// <summary>Nothing: they are only counted.</summary>
    NoOp,

    /// <summary>NXDOMAIN.</summary>
    Nxdomain,

    /// <summary>REFUSED.</summary>
    Refused,

    /// <summary>Over UDP an answer with TC=1; over other protocols nothing.</summary>
    Truncate,

    /// <summary>RD=0, and on to the backends past the rules.</summary>
    NoRecurse,

    /// <summary>A tag is set, and on to the rules.</summary>
    SetTag,
}
