using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Net;
using Fastdist.Responder;
using Fastdist.Ring;

var dot = new Option<IPEndPoint[]>("--dot") { Description = "Answer DNS over TLS at ADDR:PORT; may be repeated", CustomParser = ParseAddresses, HelpName = "ADDR:PORT" };
var udp = new Option<IPEndPoint[]>("--udp") { Description = "Answer datagrams at ADDR:PORT; may be repeated", CustomParser = ParseAddresses, HelpName = "ADDR:PORT" };
var tcp = new Option<IPEndPoint[]>("--tcp") { Description = "Answer DNS over TCP at ADDR:PORT; may be repeated", CustomParser = ParseAddresses, HelpName = "ADDR:PORT" };
var authority = new Option<FileInfo>("--ca-out") { Description = "Write the certificate authority made at start to FILE, PEM", HelpName = "FILE" };
var threads = new Option<int>("--threads") { Description = "Threads, each with sockets of its own", DefaultValueFactory = _ => 1, HelpName = "N" };
var io = new Option<string>("--io") { Description = "How to talk to the kernel", DefaultValueFactory = _ => "auto" };
io.AcceptOnlyFromAmong("auto", "io_uring", "epoll");
threads.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
    {
        result.AddError("--threads: at least 1 thread is needed");
    }
});

var command = new RootCommand("Answers DNS queries from the question alone: a backend for demonstrations, tests and load comparisons.") { dot, udp, tcp, authority, threads, io };
command.Validators.Add(result =>
{
    if (new[] { dot, udp, tcp }.All(option => result.GetResult(option) is null))
    {
        result.AddError("nothing to listen on: give at least one of --dot, --udp and --tcp");
    }
});
command.SetAction(parsed => Responder.Run(new ResponderOptions
{
    Dot = parsed.GetValue(dot) ?? [],
    Udp = parsed.GetValue(udp) ?? [],
    Tcp = parsed.GetValue(tcp) ?? [],
    AuthorityFile = parsed.GetValue(authority),
    Threads = parsed.GetValue(threads),
    Mode = parsed.GetValue(io) switch
    {
        "io_uring" => RingMode.IoUring,
        "epoll" => RingMode.Epoll,
        _ => RingMode.Auto,
    },
}));
return command.Parse(args).Invoke();

static IPEndPoint[] ParseAddresses(ArgumentResult result)
{
    var addresses = new IPEndPoint[result.Tokens.Count];
    for (int i = 0; i < addresses.Length; i++)
    {
        string text = result.Tokens[i].Value;
        if (!IPEndPoint.TryParse(text, out IPEndPoint? address) || address.Port == 0)
        {
            result.AddError($"'{text}' is no ADDR:PORT; write 127.0.0.1:853 or [::1]:853");
            return [];
        }

        addresses[i] = address;
    }

    return addresses;
}
