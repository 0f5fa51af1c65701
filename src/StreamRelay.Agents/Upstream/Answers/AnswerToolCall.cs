using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>One tool call of an answer, collected from its pieces. The client runs the tool.</summary>
/// <param name="ownId">The id that is used when the server gives none, or one that another call has.</param>
internal sealed class AnswerToolCall(string ownId)
{
    private const string Executor = "caller";

    private readonly StringBuilder _arguments = new();
    private readonly Queue<ReadOnlyMemory<byte>> _extras = [];
    private string _name = "";
    private int _published;
    private bool _isBegun;
    private bool _isCustom;

    /// <summary>The id in the log; <see langword="null"/> until the server gives one or the call begins without.</summary>
    public string? Id { get; private set; }

    /// <summary>The id that the server gave, or <see langword="null"/>.</summary>
    public string? UpstreamId { get; private set; }

    /// <summary>The index that the server gave, or <see langword="null"/>.</summary>
    public string? Index { get; private set; }

    /// <summary>Whether a piece has the id of this call, and no other index.</summary>
    public bool HasId(AnswerToolPiece piece) => UpstreamId == piece.Id && (piece.Index is null || Index is null || Index == piece.Index);

    /// <summary>Whether a piece that has the same index, or none, belongs to this call.</summary>
    public bool Continues(AnswerToolPiece piece)
    {
        // An id that comes late belongs to the call that has none.
        var isSameId = piece.Id is null || UpstreamId is null || piece.Id == UpstreamId;
        if (piece.Name is null || _name.Length == 0)
            return isSameId || (piece.Name is null && piece.Arguments.Length > 0 && _name.Length > 0 && !IsWhole());

        return isSameId && piece.Name == _name && !IsFollowedBy(piece);
    }

    /// <summary>Whether a piece begins another call, although it has the same id: this one is whole, and the piece has a name and arguments.</summary>
    public bool IsFollowedBy(AnswerToolPiece piece) => piece.Name is not null && !string.IsNullOrWhiteSpace(piece.Arguments) && IsWhole();

    /// <summary>Adds a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="isIdTaken">Whether another call has the id of the piece.</param>
    public void Add(AnswerToolPiece piece, bool isIdTaken)
    {
        Index ??= piece.Index;
        UpstreamId ??= piece.Id;
        _isCustom |= piece.IsCustom;
        if (piece.Id is { } id)
            Id ??= isIdTaken ? ownId : id;
        if (_name.Length == 0)
            _name = piece.Name ?? "";

        if (!piece.Extra.IsEmpty)
            _extras.Enqueue(piece.Extra);

        _arguments.Append(piece.Arguments);
    }

    /// <summary>Publishes what is new.</summary>
    /// <param name="context">Publishes it.</param>
    /// <param name="mayInventId">Whether the server will give no id any more.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask PublishAsync(AgentContext context, bool mayInventId, CancellationToken cancellationToken)
    {
        if (mayInventId)
            Id ??= ownId;
        if (Id is null || _name.Length == 0)
            return;

        if (!_isBegun)
            await context.PublishAsync(AgentEvents.ActionStart(Id, _name, Executor, TakeExtra(), _isCustom), cancellationToken);

        _isBegun = true;

        // A high surrogate is held until its low surrogate arrives.
        var whole = _arguments.Length > 0 && char.IsHighSurrogate(_arguments[^1]) ? _arguments.Length - 1 : _arguments.Length;
        if (_published < whole)
            await context.PublishAsync(Delta(_arguments.ToString(_published, whole - _published)), cancellationToken);

        _published = whole;
        while (_extras.Count > 0)
            await context.PublishAsync(Delta(""), cancellationToken);
    }

    /// <summary>Publishes the call with its complete arguments.</summary>
    /// <exception cref="AgentException">The call has no name.</exception>
    public async ValueTask CompleteAsync(AgentContext context, CancellationToken cancellationToken)
    {
        await PublishAsync(context, mayInventId: true, cancellationToken);
        if (!_isBegun)
            throw AnswerFault.Malformed("a tool call without a name");

        var call = AgentEvents.Action(Id!, _name, Executor, Input());
        await context.PublishAsync(call.Size <= context.MaxEventBytes ? call : AgentEvents.Action(Id!, _name, Executor, null), cancellationToken);
    }

    private StreamEvent Delta(string arguments) => AgentEvents.ActionDelta(Id!, _name, Executor, arguments, TakeExtra());

    private ReadOnlyMemory<byte> TakeExtra() => _extras.TryDequeue(out var extra) ? extra : default;

    private bool IsWhole()
    {
        try
        {
            return _arguments.Length > 0 && JsonElement.Parse(_arguments.ToString(), JsonDepth.Document).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The arguments as JSON, or as a JSON string when they are any text or the model wrote invalid JSON.</summary>
    private JsonElement Input()
    {
        if (_isCustom)
            return JsonSerializer.SerializeToElement(_arguments.ToString(), AnswerJson.Default.String);

        try
        {
            var input = JsonElement.Parse(_arguments.Length == 0 ? "{}" : _arguments.ToString(), JsonDepth.Document);
            return JsonElement.Parse(AnswerValues.Encode(input).Span);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(_arguments.ToString(), AnswerJson.Default.String);
        }
    }
}
