using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;
using Fastdist.Tls.Files;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>
/// Makes sure that whatever a reload will open can be opened by who we are then. At the start we are still root, to whom every file is
/// open; what is closed to the later user would show only when certificates are renewed.
/// </summary>
internal static class LaterAccess
{
    /// <summary>Opens every such file as the later user. Key logs that are not there are made, so that they are that user's.</summary>
    /// <param name="settings">What is to run.</param>
    /// <param name="later">Who will run it.</param>
    /// <param name="log">Told of frontends that are left out, as their options ask for.</param>
    /// <param name="problems">Takes what cannot be opened.</param>
    /// <returns>The settings without these frontends.</returns>
    public static ProcessOptions Require(ProcessOptions settings, Identity later, ILogger log, Problems problems)
    {
        if (later == Identity.Unchanged)
        {
            return settings;
        }

        ProxyOptions proxy = settings.Proxy;
        ILookup<FrontendOptions?, ReloadedFile> files = proxy.Frontends
            .SelectMany(ReloadedFile.Of, (frontend, file) => ((FrontendOptions?)frontend, file))
            .Concat(proxy.Backends.SelectMany(ReloadedFile.Of, (_, file) => ((FrontendOptions?)null, file)))
            .Concat(ReloadedFile.Of(proxy.Rules).Select(static file => ((FrontendOptions?)null, file)))
            .Where(one => IsOpenToUs(one.file)).Distinct().ToLookup(one => one.Item1, one => one.file);
        var leftOut = new List<FrontendOptions>();
        bool isDone = later.TryActAs(() =>
        {
            WarnOfConfiguration(settings.ConfigurationFile, log);
            foreach (IGrouping<FrontendOptions?, ReloadedFile> group in files)
            {
                string[] found = [.. group.SelectMany(file => ProblemWith(file, settings.IsCheck))];
                if (found.Length > 0 && group.Key is { Tls.IgnoreConfigurationErrors: true } frontend)
                {
                    leftOut.Add(frontend);
                    Array.ForEach(found, log.FrontendNotForLater);
                }
                else
                {
                    problems.Add(found);
                }
            }
        });
        if (!isDone)
        {
            // The start itself says why it cannot become that user; a check may well be made by somebody else.
            log.LaterUserUnchecked(settings.User, settings.Group);
        }

        return leftOut.Count == 0 ? settings : settings with { Proxy = proxy with { Frontends = [.. proxy.Frontends.Except(leftOut)] } };
    }

    /// <summary>What is wrong with a file for anybody is said when it is read.</summary>
    private static bool IsOpenToUs(ReloadedFile file)
    {
        try
        {
            Open(file, isCheck: true);
            return true;
        }
        catch (TlsConfigurationException)
        {
            return false;
        }
    }

    /// <summary>Nobody has to read it again, and whoever keeps it to root may mean that.</summary>
    private static void WarnOfConfiguration(string path, ILogger log)
    {
        try
        {
            if (path.Length > 0)
            {
                OperatorFile.RequireReadable("-C", path);
            }
        }
        catch (TlsConfigurationException exception)
        {
            log.ConfigurationNote(LogLevel.Warning, $"{exception.Message}: it cannot be reloaded then");
        }
    }

    private static IEnumerable<string> ProblemWith(ReloadedFile file, bool isCheck)
    {
        try
        {
            Open(file, isCheck);
            return [];
        }
        catch (TlsConfigurationException exception)
        {
            return [$"{file.Flag}: {exception.Message}"];
        }
    }

    private static void Open(ReloadedFile file, bool isCheck)
    {
        if (!file.IsWritten)
        {
            OperatorFile.RequireReadable(file.Option, file.Path);
        }
        else if (isCheck)
        {
            OperatorFile.RequireAppendable(file.Option, file.Path);
        }
        else
        {
            OperatorFile.OpenToAppend(file.Option, file.Path).Dispose();
        }
    }
}
