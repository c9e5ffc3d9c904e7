using System.Collections.Generic;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration;

/// <summary>The settings that the running process goes by.</summary>
public interface ISettingsInUse
{
    /// <summary>They, with all that was changed since the start.</summary>
    /// <param name="version">Which they are: another number each time that they have changed.</param>
    ProcessOptions Read(out long version);

    /// <summary>Goes by others from now on.</summary>
    /// <param name="next">All of them.</param>
    /// <param name="version">Of the settings that they were made from: nothing is changed when there are others by now.</param>
    /// <param name="problems">Why nothing was changed; empty when it was.</param>
    /// <returns>False when nothing was changed.</returns>
    bool TryApply(ProcessOptions next, long version, out IReadOnlyList<string> problems);
}
