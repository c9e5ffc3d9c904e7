using System;

namespace Fastdist.Control.Consoles;

/// <summary>The console cannot be reached or used; the message says what to do.</summary>
internal sealed class ConsoleException(string message) : Exception(message);
