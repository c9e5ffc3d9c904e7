using System;
using System.Threading.Tasks;

namespace Fastdist.Control.Consoles;

/// <summary>
/// A session's way to its console, which outlives the console's restart: a connection that was lost is made again for the next
/// command. A command that was under way then is not repeated, since it may have been executed.
/// </summary>
/// <param name="connect">Makes a connection, or throws a <see cref="ConsoleException"/>.</param>
/// <param name="tell">Told when there is another connection than before.</param>
internal sealed class KeptConnection(Func<Task<ConsoleConnection>> connect, Action<string> tell) : IDisposable
{
    private ConsoleConnection? _connection;
    private bool _wasConnected;

    /// <summary>Has a command executed.</summary>
    /// <returns>What the server prints.</returns>
    /// <exception cref="ConsoleException">It cannot be reached, or went away meanwhile; the next command tries again.</exception>
    public async Task<string> ExecuteAsync(string line)
    {
        if (_connection is { IsLost: true })
        {
            Drop();
        }

        _connection ??= await ConnectAsync().ConfigureAwait(false);
        try
        {
            return await _connection.ExecuteAsync(line).ConfigureAwait(false);
        }
        catch (ConsoleException)
        {
            Drop();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private async Task<ConsoleConnection> ConnectAsync()
    {
        ConsoleConnection connection = await connect().ConfigureAwait(false);
        if (_wasConnected)
        {
            tell("the connection was lost; there is a new one\n");
        }

        _wasConnected = true;
        return connection;
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
