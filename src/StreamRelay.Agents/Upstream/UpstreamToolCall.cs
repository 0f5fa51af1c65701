using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream;

/// <summary>One tool call of an answer, collected from its pieces. The client runs the tool.</summary>
internal sealed class UpstreamToolCall
{
    private const string Executor = "caller";

    private readonly StringBuilder _arguments = new();
    private string _id = "";
    private string _name = "";
    private int _published;
    private bool _isBegun;

    public async ValueTask AddAsync(JsonElement piece, AgentContext context, CancellationToken cancellationToken)
    {
        if (piece.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && _id.Length == 0)
            _id = id.GetString()!;
        if (piece.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object)
            AddFunction(function);
        if (_id.Length == 0 || _name.Length == 0)
            return;

        if (!_isBegun)
            await context.PublishAsync(AgentEvents.ActionStart(_id, _name, Executor), cancellationToken);

        _isBegun = true;

        // A high surrogate is held until its low surrogate arrives.
        var whole = _arguments.Length > 0 && char.IsHighSurrogate(_arguments[^1]) ? _arguments.Length - 1 : _arguments.Length;
        if (_published < whole)
            await context.PublishAsync(AgentEvents.ActionDelta(_id, _name, Executor, _arguments.ToString(_published, whole - _published)), cancellationToken);

        _published = whole;
    }

    /// <summary>Publishes the call with its complete arguments.</summary>
    /// <exception cref="AgentException">The call has no id or no name.</exception>
    public ValueTask CompleteAsync(AgentContext context, CancellationToken cancellationToken) => _isBegun
        ? context.PublishAsync(AgentEvents.Action(_id, _name, Executor, Input()), cancellationToken)
        : throw new AgentException("upstream_malformed", "The upstream server began a tool call without an id or a name.");

    private void AddFunction(JsonElement function)
    {
        if (function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && _name.Length == 0)
            _name = name.GetString()!;
        if (function.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String)
            _arguments.Append(UpstreamText.Read(arguments));
    }

    /// <summary>The arguments as JSON, or as a JSON string when the model wrote invalid JSON.</summary>
    private JsonElement Input()
    {
        try
        {
            return JsonElement.Parse(_arguments.Length == 0 ? "{}" : _arguments.ToString(), JsonDepth.Document);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(_arguments.ToString(), UpstreamJson.Default.String);
        }
    }
}
