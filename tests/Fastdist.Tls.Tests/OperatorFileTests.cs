using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Fastdist.Tls.Files;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>What may be named as a file.</summary>
[Trait("Row", "A3")]
public sealed partial class OperatorFileTests : IDisposable
{
    private const int SetSignal = 10, SetLease = 1024, WriteLease = 1, NoLease = 2, IgnoredSignal = 23;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastdist-files-");

    [Theory]
    [InlineData("a pipe")]
    [InlineData("a pipe behind a link")]
    [InlineData("a socket")]
    [InlineData("a device without an end")]
    [InlineData("a device without a beginning")]
    [InlineData("a directory")]
    public void Only_regular_files_are_opened_and_none_is_waited_for(string what)
    {
        string path = Path.Combine(_folder.FullName, "file");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        switch (what)
        {
            case "a pipe":
                MakePipe(path, 0x1B6);
                break;
            case "a pipe behind a link":
                MakePipe(path + ".pipe", 0x1B6);
                File.CreateSymbolicLink(path, path + ".pipe");
                break;
            case "a socket":
                socket.Bind(new UnixDomainSocketEndPoint(path));
                break;
            case "a directory":
                Directory.CreateDirectory(path);
                break;
            default:
                path = what == "a device without an end" ? "/dev/zero" : "/dev/null";
                break;
        }

        string kind = string.Join(' ', what.Split(' ')[..2]);
        Assert.All(
            new Action[]
            {
                () => OperatorFile.Read("cert", path, 1000),
                () => OperatorFile.ReadSecret("ticketKeyFile", path, 1000, out _),
                () => OperatorFile.OpenToAppend("keyLogFile", path),
                () => OperatorFile.RequireReadable("cert", path),
                () => OperatorFile.RequireAppendable("keyLogFile", path),
                () => TlsTrust.Load(path),
                () => TicketKeyFile.Read(path),
                () => DerivedTicketKeys.ReadFile(path, 10, out _),
            },
            open => Assert.Contains($"={path}: is {kind}", Assert.Throws<TlsConfigurationException>(open).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_has_as_many_bytes_as_it_may_and_no_more()
    {
        string path = Write(new byte[1000]);
        Assert.Equal(1000, OperatorFile.Read("cert", path, 1000).Length);
        Assert.Equal($"cert={path}: holds 1000 bytes, at most 999 are possible", Refusal(() => OperatorFile.Read("cert", path, 999)));

        // As large as a disk, and yet nothing of it is read.
        using (FileStream sparse = File.OpenWrite(path))
        {
            sparse.SetLength(1L << 40);
        }

        Assert.Contains("at most", Refusal(() => TlsTrust.Load(path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PATH\0beyond")]
    [InlineData("PATH/beyond")]
    [InlineData("/nowhere/at/all")]
    public void What_is_no_file_is_named(string name)
    {
        string path = name.Replace("PATH", Write([1]), StringComparison.Ordinal);
        Assert.Equal($"--setkey-file '{path}': no such file", Refusal(() => OperatorFile.Read("--setkey-file", path, 10)));
    }

    [Fact]
    public void A_key_log_is_made_for_its_owner_only_and_appended_to()
    {
        string path = Path.Combine(_folder.FullName, "keys.log");
        OperatorFile.RequireAppendable("keyLogFile", path);
        Assert.False(File.Exists(path));
        foreach (string line in (string[])["one", "two"])
        {
            using FileStream file = OperatorFile.OpenToAppend("keyLogFile", path);
            file.Write(System.Text.Encoding.ASCII.GetBytes(line));
        }

        Assert.Equal("onetwo", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_file_that_somebody_has_a_lease_on_is_waited_for()
    {
        string path = Write([1, 2, 3]);
        using FileStream holder = new(path, FileMode.Open, FileAccess.ReadWrite);
        int descriptor = (int)holder.SafeFileHandle.DangerousGetHandle();
        Assert.Equal(0, FileControl(descriptor, SetSignal, IgnoredSignal));
        Assert.Equal(0, FileControl(descriptor, SetLease, WriteLease));

        Task<byte[]> reading = Task.Run(() => OperatorFile.Read("cert", path, 10), TestContext.Current.CancellationToken);
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(100, TestContext.Current.CancellationToken)));
        Assert.Equal(0, FileControl(descriptor, SetLease, NoLease));
        Assert.Equal([1, 2, 3], await reading);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Refusal(Action open) => Assert.Throws<TlsConfigurationException>(open).Message;

    private string Write(byte[] content)
    {
        string path = Path.Combine(_folder.FullName, "file");
        File.WriteAllBytes(path, content);
        return path;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, nint argument);
}
