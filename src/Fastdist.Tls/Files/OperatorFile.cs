using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Fastdist.Tls.Files;

/// <summary>
/// The files that an operator names: certificates, keys, secrets, trust stores, key logs. Only regular ones of bounded size are
/// taken, since a pipe waits for a writer and a device may have no end; what still may block is a file system whose
/// server is gone, so no thread that others wait for may read one.
/// </summary>
public static partial class OperatorFile
{
    private const int ReadOnly = 0, AppendOnly = 0x1 | 0x400, Create = 0x40, NeverWait = 0x800 | 0x100 | 0x80000;
    private const int OwnerOnly = 0x180;
    private const int NoSuchFile = 2, TryAgain = 11, PermissionDenied = 13, NoDirectory = 20, ReadOnlyFileSystem = 30;

    /// <summary>Between two tries to open a file that somebody has a lease on, whom the kernel gives some time to end it.</summary>
    private static readonly TimeSpan s_leaseDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads a file whole.</summary>
    /// <param name="option">The option or flag that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Bytes it may have.</param>
    /// <exception cref="TlsConfigurationException">It cannot be read, is no regular file, is empty or has more bytes; the message says what to do.</exception>
    public static byte[] Read(string option, string path, int mostBytes)
    {
        using SafeFileHandle file = Open(option, path, ReadOnly, out FileStatus status);
        return Read(Name(option, path), file, status, mostBytes);
    }

    /// <summary>Reads a file whole that only its owner should be able to read.</summary>
    /// <param name="option">The option or flag that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Bytes it may have.</param>
    /// <param name="warnings">What an operator should know, though it works.</param>
    /// <exception cref="TlsConfigurationException">As with <see cref="Read(string, string, int)"/>.</exception>
    public static byte[] ReadSecret(string option, string path, int mostBytes, out string[] warnings)
    {
        using SafeFileHandle file = Open(option, path, ReadOnly, out FileStatus status);
        warnings = status.IsOpenToOthers
            ? [$"{Name(option, path)} has mode {status.Mode[1..]}, so that others than its owner can reach what it holds; chmod 600 it"]
            : [];
        return Read(Name(option, path), file, status, mostBytes);
    }

    /// <summary>Reads a file whole that decides what this process does: to root, one that others may write would give root away.</summary>
    /// <param name="option">The option or flag that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Bytes it may have; it may be empty.</param>
    /// <exception cref="TlsConfigurationException">As with <see cref="Read(string, string, int)"/>, or others may write it.</exception>
    public static byte[] ReadTrusted(string option, string path, int mostBytes)
    {
        using SafeFileHandle file = Open(option, path, ReadOnly, out FileStatus status);
        return FileRefusal.IsRoot && status.IsWritableByOthersThanRoot
            ? throw new TlsConfigurationException($"{path}: {Refuse(status.Owner, status.Mode)}")
            : status.Size == 0 ? [] : Read(Name(option, path), file, status, mostBytes);
    }

    /// <summary>Opens a file to append to; one that is not there is made, and only its owner may read it.</summary>
    /// <param name="option">The option or flag that names it.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TlsConfigurationException">It cannot be written, or is no regular file.</exception>
    public static FileStream OpenToAppend(string option, string path) =>
        new(Open(option, path, AppendOnly, out _), FileAccess.Write, bufferSize: 0);

    /// <summary>Makes sure that the user this thread runs as can read a file.</summary>
    /// <exception cref="TlsConfigurationException">It cannot be read, or is no regular file.</exception>
    public static void RequireReadable(string option, string path) => Open(option, path, ReadOnly, out _).Dispose();

    /// <summary>Makes sure that the user this thread runs as can append to a file, or make it; makes none.</summary>
    /// <exception cref="TlsConfigurationException">It cannot be written, or is no regular file.</exception>
    public static void RequireAppendable(string option, string path)
    {
        if (FileStatus.TryGet(path, out _) != NoSuchFile)
        {
            Open(option, path, AppendOnly, out _).Dispose();
            return;
        }

        const int WriteAndSearch = 3;
        if (MayAccess(FolderOf(path), WriteAndSearch) != 0)
        {
            throw new TlsConfigurationException($"{Name(option, path)}: {FileRefusal.ExplainFolder(path, FolderOf(path))}");
        }
    }

    /// <summary>Whether there may be a file of that name, in a folder that we may not look into, too.</summary>
    public static bool MayExist(string path) => FileStatus.TryGet(path, out _) is not (NoSuchFile or NoDirectory);

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    /// <summary>How messages name a file: by what names it and its path.</summary>
    internal static string Name(string option, string path) => option.StartsWith('-') ? $"{option} '{path}'" : $"{option}={path}";

    private static SafeFileHandle Open(string option, string path, int flags, out FileStatus status)
    {
        string where = Name(option, path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new TlsConfigurationException($"{where}: no such file");
        }

        // To open a device may do something, and a missing file may be made: both are found out first.
        int error = FileStatus.TryGet(path, out status);
        if (error == 0)
        {
            RequireRegular(where, status);
        }

        // Where everybody may write, the kernel lets nobody open another's file in the way that would make it (fs.protected_regular).
        flags |= error == NoSuchFile && flags == AppendOnly ? Create : 0;
        SafeFileHandle file = error is 0 or NoSuchFile ? Open(path, flags, out error) : new SafeFileHandle();
        if (error == 0)
        {
            error = FileStatus.TryGet(file, out status);
        }

        if (error == 0 && status.IsRegular)
        {
            return file;
        }

        // It may have become another one since.
        file.Dispose();
        throw new TlsConfigurationException($"{where}: {(error == 0 ? Refuse(status) : Explain(option, path, error))}");
    }

    private static SafeFileHandle Open(string path, int flags, out int error)
    {
        while (true)
        {
            int descriptor = Open(path, flags | NeverWait, OwnerOnly);
            error = descriptor >= 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error != TryAgain)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }

            Thread.Sleep(s_leaseDelay);
        }
    }

    private static void RequireRegular(string where, FileStatus status)
    {
        if (!status.IsRegular)
        {
            throw new TlsConfigurationException($"{where}: {Refuse(status)}");
        }
    }

    private static string Refuse(uint owner, string mode) => owner != 0
        ? $"belongs to user {owner}, who could have root do what is written there: chown root it, or start as that user"
        : $"has mode {mode[1..]}, so that others than its owner could have root do what they write there: chmod go-w it";

    private static string Refuse(FileStatus status) => status.IsFolder
        ? "is a directory"
        : $"is {status.Kind}, and only regular files are taken, which can be read again at any time: put what it holds into one";

    private static byte[] Read(string where, SafeFileHandle file, FileStatus status, int mostBytes)
    {
        if (status.Size is 0 || status.Size > mostBytes)
        {
            throw new TlsConfigurationException(status.Size == 0
                ? $"{where}: the file is empty"
                : $"{where}: holds {status.Size} bytes, at most {mostBytes} are possible");
        }

        var content = new byte[status.Size];
        try
        {
            int length = 0;
            for (int more; length < content.Length && (more = RandomAccess.Read(file, content.AsSpan(length), length)) > 0;)
            {
                length += more;
            }

            Span<byte> beyond = stackalloc byte[1];
            return length == content.Length && RandomAccess.Read(file, beyond, length) == 0
                ? content
                : throw new TlsConfigurationException($"{where}: changed while it was read: write files beside and move them into place");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new TlsConfigurationException($"{where}: {problem.Message}");
        }
    }

    private static string Explain(string option, string path, int error) => error switch
    {
        NoSuchFile or NoDirectory => "no such file",
        PermissionDenied when FileStatus.TryGet(path, out _) == NoSuchFile => FileRefusal.ExplainFolder(path, FolderOf(path)),
        PermissionDenied => FileRefusal.Explain(option, path),
        ReadOnlyFileSystem => "the file system is read-only",
        _ => new Win32Exception(error).Message,
    };

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MayAccess(string path, int mode);
}
