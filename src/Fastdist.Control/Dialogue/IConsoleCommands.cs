namespace Fastdist.Control.Dialogue;

/// <summary>What a console session runs: commands, apart from how their text travels. The console runs one at a time, from any thread, and others beside one that takes long.</summary>
public interface IConsoleCommands
{
    /// <summary>Runs one command. Throws nothing: what goes wrong is in the reply.</summary>
    /// <param name="line">As the operator wrote it, in Lua's call syntax.</param>
    /// <returns>The reply, each line ended; empty when there is nothing to say. A command that cannot be run gives one line that begins with <c>Error: </c>.</returns>
    string Execute(string line);
}
