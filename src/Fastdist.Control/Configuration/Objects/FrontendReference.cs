using System.Linq;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>What a script holds of a frontend: one of the settings that it writes, or one of the running process.</summary>
/// <param name="Options">Its settings when it was asked for; address, interface and protocol tell later which one it was.</param>
/// <param name="View">The running one, for one protocol that it speaks; null where a configuration asked for it.</param>
internal sealed record FrontendReference(FrontendOptions Options, FrontendView? View = null)
{
    /// <summary>Its name.</summary>
    public string Name => View?.Address ?? Options.Name;

    /// <summary>The running one.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public FrontendView Running(Operator actor) =>
        View ?? Enumerable.Range(0, actor.CountBinds()).Select(index => actor.Bind(index)).LastOrDefault(view => view.Options.IsAtPlaceOf(Options)) ?? throw new CommandException($"{Name} was removed before");

    /// <summary>The one that is being written.</summary>
    /// <exception cref="ScriptException">There is none.</exception>
    public DraftFrontend Written(Draft draft) =>
        draft.Frontends.FirstOrDefault(frontend => frontend.Options.IsAtPlaceOf(View?.Options ?? Options)) ?? throw new ScriptException($"{Name} was removed before");
}
