using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Fastdist.Options;

namespace Fastdist;

/// <summary>
/// The user and group to run as. Names are read from /etc/passwd and /etc/group directly: a static
/// binary has no name service. The C library's setters reach every thread, which raw system calls do not.
/// </summary>
internal sealed partial record Identity(uint? User, uint? Group)
{
    private const int Gid = 3;
    private const int Id = 2;

    /// <summary>Finds the numbers of names; a number needs no file, as an empty container has none.</summary>
    /// <param name="user">What <c>--uid</c> says, or nothing.</param>
    /// <param name="group">What <c>--gid</c> says, or nothing.</param>
    /// <param name="directory">Where passwd and group are.</param>
    /// <exception cref="OptionException">A name is not known.</exception>
    public static Identity Resolve(string user, string group, string directory = "/etc")
    {
        uint? primary = null;
        uint? uid = user.Length == 0 ? null : Find("--uid", user, $"{directory}/passwd", out primary);
        uint? gid = group.Length == 0 ? primary : Find("--gid", group, $"{directory}/group", out _);
        return uid is null || gid is not null
            ? new Identity(uid, gid)
            : throw new OptionException($"--uid {user}: {directory}/passwd has no group for it, and root's must not be kept: add --gid");
    }

    /// <summary>Becomes them, for good.</summary>
    /// <exception cref="OptionException">The kernel refused.</exception>
    public unsafe void Assume()
    {
        if (Group is { } group)
        {
            uint only = group;
            Require(SetGroups(1, &only), "drop supplementary groups");
            Require(SetGroupIds(group, group, group), $"become group {group}");
        }

        if (User is { } user)
        {
            Require(SetUserIds(user, user, user), $"become user {user}");
        }
    }

    private static uint Find(string flag, string text, string file, out uint? group)
    {
        // To setresuid(2) the largest number means 'as it is', and we would stay root.
        bool isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number != uint.MaxValue;
        group = null;
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            string[] fields = line.Split(':');
            if (fields.Length > Gid && (fields[0] == text || (isNumber && fields[Id] == text)))
            {
                group = uint.TryParse(fields[Gid], NumberStyles.None, CultureInfo.InvariantCulture, out uint value) ? value : null;
                return uint.Parse(fields[Id], CultureInfo.InvariantCulture);
            }
        }

        return isNumber ? number : throw new OptionException($"{flag} {text}: not in {file}; use a name from there or a number");
    }

    private static void Require(int result, string action)
    {
        if (result != 0)
        {
            throw new OptionException($"cannot {action}: {new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError()).Message}; start as root, or leave out --uid and --gid");
        }
    }

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static unsafe partial int SetGroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroupIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUserIds(uint real, uint effective, uint saved);
}
