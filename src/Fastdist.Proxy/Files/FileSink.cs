using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Tls.Files;

namespace Fastdist.Proxy.Files;

/// <summary>Where one action notes messages for a file, which several may write to.</summary>
/// <param name="log">The file.</param>
/// <param name="options">How the action writes.</param>
internal sealed class FileSink(MessageLog log, LogActionOptions options) : RuleLogSink
{
    private readonly NoteForm _form = (options.IsBinary ? NoteForm.IsBinary : NoteForm.None) | (options.HasTime ? NoteForm.HasTime : NoteForm.None);

    /// <inheritdoc/>
    public override void Write(int shard, ReadOnlySpan<byte> message, int questionEnd, in SocketAddress client, bool isAnswer)
    {
        var noted = new LoggedMessage
        {
            Client = client,
            Time = DateTime.UtcNow.Ticks,
            Id = Header.Id(message),
            Type = (ushort)Query.TypeOf(message, questionEnd),
            Rcode = (byte)Header.Rcode(message),
            Form = isAnswer ? (_form & ~NoteForm.IsBinary) | NoteForm.IsAnswer : _form,
        };
        log.Add(shard, ref noted, Query.NameOf(message, questionEnd));
    }

    /// <inheritdoc/>
    public override void Reopen() => log.Use(OperatorFile.OpenToAppend(RuleLogFiles.Option, log.Path));
}
