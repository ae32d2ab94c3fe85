using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>The two addresses that are listened on. A connection carries a mark of the one it came in by.</summary>
internal static class Listener
{
    private static readonly object AdminMark = new();

    /// <summary>Marks the connections of this listener as the admin address's; a port or a Host header could be mistaken or forged.</summary>
    public static void MarkAsAdmin(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Items[AdminMark] = true;
        return next(connection);
    });

    /// <summary>True when the request came in by the admin address.</summary>
    public static bool IsAdmin(this HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(AdminMark) == true;
}
