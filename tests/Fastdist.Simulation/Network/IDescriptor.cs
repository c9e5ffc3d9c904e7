namespace Fastdist.Simulation.Network;

/// <summary>What a descriptor stands for.</summary>
internal interface IDescriptor
{
    /// <summary>close(2).</summary>
    void Close();
}
