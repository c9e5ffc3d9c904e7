using System;
using Fastdist.Control.Configuration.Language;

namespace Fastdist.Control.Configuration;

/// <summary>
/// A configuration that was read, with all that it defined: functions and variables of its own are there on the console, and what it wants to have done
/// every second is done.
/// </summary>
public sealed class LoadedConfiguration : IDisposable
{
    internal LoadedConfiguration(Script script) => Script = script;

    internal Script Script { get; }

    /// <inheritdoc/>
    public void Dispose() => Script.Dispose();
}
