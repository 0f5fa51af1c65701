using Serilog.Core;
using Serilog.Events;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server.Logging;

/// <summary>Removes tickets from every logged value that holds a request target, such as the hosting layer's own request log when its level is lowered.</summary>
internal sealed class TicketRedaction : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && UrlRedaction.Redact(text) is var redacted && redacted != text)
                logEvent.AddOrUpdateProperty(new(name, new ScalarValue(redacted)));
        }
    }
}
