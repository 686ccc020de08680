using DriftGuard.Core.Notifications;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Worker.Notifications;

/// <summary>Which indexes are searched over a bridge.</summary>
internal sealed class BridgeNotifications(BridgeStore bridges) : INotificationSource
{
    public string Area => "bridge";

    public async Task ReadAsync(NotificationReading reading, CancellationToken cancellation)
    {
        foreach (var bridge in await bridges.InUseAsync(cancellation))
        {
            reading.Facts.Add(new(
                $"bridge/{bridge.Id}", NotificationKind.BridgeActive, bridge.Index, bridge.Id, $"Queries of index {bridge.Index} go over a bridge",
                $"Queries of {bridge.Model} search the vectors of {bridge.OldModel}, whose model is gone, until {ReportText.Time(bridge.Until)} at most.", bridge.At)
            {
                WhatToDo = $"driftguard rollout start {bridge.Index} --to {bridge.Model}: its cutover ends the bridge",
            });
        }
    }
}
