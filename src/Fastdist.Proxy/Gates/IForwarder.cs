namespace Fastdist.Proxy.Gates;

/// <summary>Takes the queries that pass the gate to backends.</summary>
internal interface IForwarder
{
    /// <summary>Whether a pool has no room for one more query of a stream.</summary>
    /// <param name="pool">Its number.</param>
    bool IsSaturated(int pool);

    /// <summary>Sends a query on its way; from here on its asker hears of it.</summary>
    /// <param name="index">Its place in the in-flight table.</param>
    void Forward(int index);
}
