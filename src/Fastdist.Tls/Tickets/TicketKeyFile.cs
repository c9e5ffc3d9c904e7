using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Fastdist.Tls.Files;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// A file of ticket keys in dnsdist's format for OpenSSL: <see cref="TicketKey.Size"/> bytes a key and nothing else,
/// the last one active. Nodes that share it resume each other's sessions.
/// </summary>
public sealed class TicketKeyFile
{
    /// <summary>Bytes of a key in GnuTLS's format.</summary>
    private const int GnuTlsSize = 64;

    private const int MaxKeys = 256;

    private TicketKeyFile(IReadOnlyList<TicketKey> keys, IReadOnlyList<string> warnings) => (Keys, Warnings) = (keys, warnings);

    /// <summary>The keys in the file's order, at least one.</summary>
    public IReadOnlyList<TicketKey> Keys { get; }

    /// <summary>What an operator should know, though it works.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="TlsConfigurationException">It cannot be read, is empty, or does not hold whole keys.</exception>
    public static TicketKeyFile Read(string path)
    {
        byte[] content = OperatorFile.ReadSecret("ticketKeyFile", path, MaxKeys * TicketKey.Size, out string[] warnings);
        try
        {
            Check(path, content.Length);
            var keys = new List<TicketKey>();
            for (int offset = 0; offset < content.Length; offset += TicketKey.Size)
            {
                keys.Add(new TicketKey(content.AsSpan(offset, TicketKey.Size)));
            }

            return new TicketKeyFile(keys, warnings);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>One key that was handed over by itself.</summary>
    /// <exception cref="TlsConfigurationException">It has not the length of a key.</exception>
    public static TicketKeyFile Of(ReadOnlySpan<byte> key) => key.Length == TicketKey.Size
        ? new TicketKeyFile([new TicketKey(key)], [])
        : throw new TlsConfigurationException($"a ticket key has {TicketKey.Size} bytes, and this one {key.Length}");

    private static void Check(string path, int length)
    {
        if (length % TicketKey.Size != 0)
        {
            string guess = length % GnuTlsSize == 0 ? $"; keys of {GnuTlsSize} bytes are GnuTLS's, which OpenSSL cannot use" : "";
            throw new TlsConfigurationException(
                $"ticketKeyFile={path}: holds {length} bytes, not a multiple of the {TicketKey.Size} that a key has{guess}");
        }
    }
}
