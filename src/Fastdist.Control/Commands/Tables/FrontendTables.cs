using System.Collections.Generic;
using System.Globalization;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showBinds()</c> and <c>showTLSFrontends()</c>.</summary>
internal static class FrontendTables
{
    public static string PrintBinds(IReadOnlyList<FrontendView> frontends)
    {
        var table = new TextTable(
            new("#", 3), new("Address", 20) { IsCut = true }, new("Protocol", 20) { IsCut = true, Position = 35 }, new("Queries") { Position = 57 });
        for (int i = 0; i < frontends.Count; i++)
        {
            table.AddRow(TextTable.Number(i), frontends[i].Address, frontends[i].Type, TextTable.Number(frontends[i].Sum(c => c.Queries)));
        }

        return table.ToString();
    }

    /// <param name="frontends">Those of DNS over TLS, in the order that getTLSFrontend counts them, and what is known of their ticket keys.</param>
    public static string PrintTicketKeys(IReadOnlyList<(FrontendView Frontend, TicketKeyStatus Keys)> frontends)
    {
        var table = new TextTable(
            new("#", 3), new("Address", 20) { IsCut = true }, new("# ticket keys", 14), new("Rotation delay", 14), new("Next rotation", 21));
        for (int i = 0; i < frontends.Count; i++)
        {
            (FrontendView frontend, TicketKeyStatus keys) = frontends[i];
            string next = keys.NextRotation?.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";
            table.AddRow(TextTable.Number(i), frontend.Address, TextTable.Number(keys.Count), TextTable.Number(keys.RotationDelay), next);
        }

        return table.ToString();
    }
}
