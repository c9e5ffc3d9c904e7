using System;

namespace Fastdist.Control.Configuration.Language;

/// <summary>A function of the language was used wrongly, or what it was to do cannot be done; the message is for the operator.</summary>
internal sealed class ScriptException(string message) : Exception(message);
