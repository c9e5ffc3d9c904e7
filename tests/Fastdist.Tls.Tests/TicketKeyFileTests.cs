using System;
using System.Diagnostics;
using System.IO;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

public sealed class TicketKeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Keys_come_in_the_files_order()
    {
        byte[] content = Content(3 * TicketKey.Size);
        TicketKeyFile file = Read(content);
        Assert.Equal(3, file.Keys.Count);
        for (int i = 0; i < 3; i++)
        {
            byte[] key = content[(i * 80)..((i + 1) * 80)];
            Assert.Equal(key[..16], file.Keys[i].Name.ToArray());
            Assert.Equal(key[16..48], file.Keys[i].Aes.ToArray());
            Assert.Equal(key[48..], file.Keys[i].Hmac.ToArray());
        }

        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(79, "79 bytes, not a multiple of the 80")]
    [InlineData(128, "GnuTLS")]
    [InlineData(256 * 80 + 1, "at most")]
    public void A_file_that_holds_no_whole_keys_is_an_error_that_says_why(int length, string words)
    {
        string message = Assert.Throws<TlsConfigurationException>(() => Read(Content(length))).Message;
        Assert.Contains(words, message);
        Assert.Contains(_file, message);
        Assert.Equal(words == "GnuTLS", message.Contains("GnuTLS", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_that_names_it()
    {
        File.Delete(_file);
        string message = Assert.Throws<TlsConfigurationException>(() => TicketKeyFile.Read(_file)).Message;
        Assert.Equal($"ticketKeyFile={_file}: no such file", message);
        Assert.Contains("is a directory", Assert.Throws<TlsConfigurationException>(() => TicketKeyFile.Read(Path.GetTempPath())).Message);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "640")]
    [InlineData(UnixFileMode.OtherRead, "604")]
    public void A_file_that_others_can_read_works_with_a_warning(UnixFileMode more, string mode)
    {
        TicketKeyFile file = Read(Content(TicketKey.Size), OwnerOnly | more);
        Assert.Contains($"mode {mode}", Assert.Single(file.Warnings));
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_secret_has_32_to_4096_bytes(int length, bool isGood)
    {
        Write(Content(length), OwnerOnly);
        if (isGood)
        {
            Assert.Equal(43_200, DerivedTicketKeys.ReadFile(_file, 43_200, out string[] warnings).Period);
            Assert.Empty(warnings);
        }
        else
        {
            Assert.Contains(_file, Assert.Throws<TlsConfigurationException>(() => DerivedTicketKeys.ReadFile(_file, 43_200, out _)).Message);
        }
    }

    [Fact]
    public void A_secret_is_the_files_bytes_with_the_line_break_at_their_end()
    {
        byte[] secret = [.. Content(40), (byte)'\n'];
        Write(secret, OwnerOnly | UnixFileMode.OtherRead);
        DerivedTicketKeys read = DerivedTicketKeys.ReadFile(_file, 43_200, out string[] warnings);
        Assert.True(read.KeyOf(1).IsSameAs(new DerivedTicketKeys(secret).KeyOf(1)));
        Assert.False(read.KeyOf(1).IsSameAs(new DerivedTicketKeys(secret.AsSpan(0, 40)).KeyOf(1)));
        Assert.Contains("ticketKeySecretFile", Assert.Single(warnings));
    }

    public void Dispose() => File.Delete(_file);

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private TicketKeyFile Read(byte[] content, UnixFileMode mode = OwnerOnly)
    {
        Write(content, mode);
        return TicketKeyFile.Read(_file);
    }

    private void Write(byte[] content, UnixFileMode mode)
    {
        Debug.Assert(OperatingSystem.IsLinux());
        File.WriteAllBytes(_file, content);
        File.SetUnixFileMode(_file, mode);
    }
}
