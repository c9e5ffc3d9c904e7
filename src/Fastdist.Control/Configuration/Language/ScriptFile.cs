using Fastdist.Lua;
using Fastdist.Tls;
using Fastdist.Tls.Files;

namespace Fastdist.Control.Configuration.Language;

/// <summary>The files that scripts are in.</summary>
internal static class ScriptFile
{
    /// <summary>Block lists are read by scripts line by line and are not meant: a configuration larger than this is one by mistake.</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>Reads one whole.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="LuaException">It cannot be read, or must not be.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            return OperatorFile.MayExist(path) ? OperatorFile.ReadTrusted("-C", path, MostBytes) : null;
        }
        catch (TlsConfigurationException exception)
        {
            throw new LuaException(exception.Message);
        }
    }
}
