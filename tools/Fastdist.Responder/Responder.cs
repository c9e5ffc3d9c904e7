using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Ring;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Responder;

/// <summary>The program between start and signal: binds every socket, starts the loops, waits, ends them.</summary>
internal static class Responder
{
    private const int Backlog = 4096;
    private const int ReceiveBuffer = 4 * 1024 * 1024;

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(ResponderOptions options)
    {
        try
        {
            DemoAuthority authority = DemoAuthority.Create();
            if (options.AuthorityFile is { } file)
            {
                File.WriteAllText(file.FullName, authority.AuthorityPem + "\n");
            }

            using var stop = new ManualResetEventSlim();
            using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            Serve(options, authority, stop);
            return 0;

            void OnSignal(PosixSignalContext context)
            {
                context.Cancel = true;
                stop.Set();
            }
        }
        catch (Exception refused) when (refused is Win32Exception or IOException or UnauthorizedAccessException or TlsConfigurationException)
        {
            Console.Error.WriteLine($"fastdist-responder: {refused.Message}");
            return 1;
        }
    }

    private static void Serve(ResponderOptions options, DemoAuthority authority, ManualResetEventSlim stop)
    {
        Worker[] workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker(options, authority))];
        foreach (Worker worker in workers)
        {
            worker.Start();
        }

        // A ring is made on its own thread, so whether it could be is known only there.
        string? reason = workers.Select(worker => worker.Ready.GetAwaiter().GetResult()).ToArray().FirstOrDefault();
        if (reason is not null)
        {
            Console.Error.WriteLine($"fastdist-responder: using epoll: {reason}");
        }

        Console.Out.WriteLine("ready");
        stop.Wait();
        foreach (Worker worker in workers)
        {
            worker.Stop();
        }
    }

    /// <summary>A thread, the sockets bound for it and the loop that runs on it.</summary>
    private sealed class Worker
    {
        private readonly ResponderOptions _options;
        private readonly TlsContext? _tls;
        private readonly List<(int Descriptor, ListenerKind Kind)> _listeners = [];
        private readonly List<int> _datagramSockets = [];
        private readonly TaskCompletionSource<string?> _ready = new();
        private readonly Thread _thread;
        private ResponderLoop? _loop;

        public Worker(ResponderOptions options, DemoAuthority authority)
        {
            _options = options;
            _tls = options.Dot.Count > 0 ? new TlsServerContext(new TlsServerOptions { Certificates = [TlsCertificate.FromDer(authority.Certificate, authority.PrivateKey)] }) : null;
            Listen(options.Tcp, ListenerKind.Tcp);
            Listen(options.Dot, ListenerKind.Dot);
            _datagramSockets.AddRange(options.Udp.Select(address => Sockets.BindDatagram(new(address), new(ReceiveBuffer, ReceiveBuffer), out _)));
            _thread = new Thread(Run) { IsBackground = true };
        }

        /// <summary>Completes when the loop listens, with the reason for the fallback to epoll, if there is one.</summary>
        public Task<string?> Ready => _ready.Task;

        public void Start() => _thread.Start();

        public void Stop()
        {
            _loop!.Stop();
            _thread.Join();
        }

        private void Listen(IReadOnlyList<IPEndPoint> addresses, ListenerKind kind)
        {
            foreach (IPEndPoint address in addresses)
            {
                int descriptor = Sockets.Listen(new(address), Backlog);

                // Accepted sockets inherit it.
                Sockets.DisableNagle(descriptor);
                _listeners.Add((descriptor, kind));
            }
        }

        private void Run()
        {
            string? reason;
            try
            {
                _loop = new ResponderLoop(_options.Mode, _tls, out reason);
            }
            catch (Win32Exception refused)
            {
                _ready.SetException(refused);
                return;
            }

            using (_loop)
            {
                _listeners.ForEach(listener => _loop.Ring.AddListener(listener.Descriptor, (int)listener.Kind));
                _datagramSockets.ForEach(descriptor => _loop.Ring.AddDatagramSocket(descriptor, tag: 0));
                _ready.SetResult(reason);
                _loop.Run();
            }
        }
    }
}
