using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A host of its own on this machine: its own addresses, routes and packet filter. Needs root.</summary>
internal sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    public static async Task<NetworkNamespace> CreateAsync()
    {
        var created = new NetworkNamespace($"fd-{Guid.NewGuid().ToString("N")[..10]}");
        await RunOutsideAsync("ip", "netns", "add", created.Name);
        await created.RunAsync("ip", "link", "set", "lo", "up");
        return created;
    }

    /// <summary>Joins two hosts by a cable; its ends are called <c>cable0</c> on both.</summary>
    public static async Task JoinAsync(NetworkNamespace left, NetworkNamespace right)
    {
        await RunOutsideAsync(
            "ip", "link", "add", "cable0", "netns", left.Name, "type", "veth", "peer", "name", "cable0", "netns", right.Name);
        foreach (NetworkNamespace end in (NetworkNamespace[])[left, right])
        {
            await end.RunAsync("ip", "link", "set", "cable0", "up");
        }
    }

    /// <summary>Gives the cable's end these addresses, IPv4 or IPv6, with their prefix lengths.</summary>
    public async Task AddressAsync(params string[] addresses)
    {
        foreach (string address in addresses)
        {
            // Without duplicate address detection an IPv6 address can be used at once.
            string[] option = address.Contains(':') ? ["nodad"] : [];
            await RunAsync(["ip", "address", "add", address, "dev", "cable0", .. option]);
        }
    }

    /// <summary>Runs a command on this host; it must succeed.</summary>
    public Task RunAsync(params string[] command) => RunOutsideAsync([.. Prefix, .. command]);

    /// <summary>Starts a program on this host.</summary>
    public ChildProcess Start(params string[] command) => new([.. Prefix, .. command]);

    /// <summary>What a command line needs before it to run on this host.</summary>
    public string[] Prefix => ["ip", "netns", "exec", Name];

    /// <summary>Runs code on this host: a socket made by it stays there.</summary>
    public T Enter<T>(Func<T> code)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        // A thread that has changed hosts must not serve anyone else: it ends with its job.
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle($"/run/netns/{Name}");
                if (SetNamespace((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot enter {Name}");
                }

                result = code();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public async ValueTask DisposeAsync() => await RunOutsideAsync("ip", "netns", "delete", Name);

    private static async Task RunOutsideAsync(params string[] command)
    {
        ChildProcess process = await ChildProcess.RunAsync(command);
        if (await process.ExitAsync() != 0)
        {
            throw new InvalidOperationException(
                $"{process.Command}: {process.Log}{(Environment.IsPrivilegedProcess ? "" : " (network tests need root)")}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
