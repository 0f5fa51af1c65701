using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>The blocks of an answer. An event belongs to the last block that began with its index; one without an index to the last block.</summary>
internal sealed class MessagesBlocks(AnswerRelay relay)
{
    private readonly List<MessagesBlock> _blocks = [];

    /// <summary>Begins a block.</summary>
    public ValueTask BeginAsync(string? index, JsonElement block, CancellationToken cancellationToken) => Create(index).BeginAsync(block, cancellationToken);

    /// <summary>Adds a piece. Some servers do not send the beginning of a block: a piece that no open block has the index of begins one.</summary>
    public ValueTask AddAsync(string? index, JsonElement delta, CancellationToken cancellationToken) =>
        (Find(index) is { IsEnded: false } block ? block : Create(index)).AddAsync(delta, cancellationToken);

    /// <summary>Ends a block.</summary>
    public ValueTask EndAsync(string? index, CancellationToken cancellationToken) => Find(index)?.EndAsync(cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>Ends the blocks whose end did not come.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        foreach (var block in _blocks)
            await block.EndAsync(cancellationToken);
    }

    private MessagesBlock? Find(string? index) => index is null ? _blocks.LastOrDefault() : _blocks.FindLast(block => block.Index == index);

    private MessagesBlock Create(string? index)
    {
        var block = new MessagesBlock(relay, index, _blocks.Count);
        _blocks.Add(block);
        return block;
    }
}
