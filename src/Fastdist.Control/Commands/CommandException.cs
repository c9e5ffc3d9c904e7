using System;

namespace Fastdist.Control.Commands;

/// <summary>A command that cannot be read or run; the message is for the operator who wrote it.</summary>
internal sealed class CommandException(string message) : Exception(message);
