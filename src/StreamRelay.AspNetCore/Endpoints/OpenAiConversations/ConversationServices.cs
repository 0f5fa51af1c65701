using System.Text.Json;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Conversations;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary>What the endpoints of conversations share.</summary>
/// <param name="store">The conversations.</param>
/// <param name="access">Finds those of a caller.</param>
/// <param name="limits">The limits of requests.</param>
/// <param name="time">The clock.</param>
public sealed class ConversationServices(IConversationStore store, ConversationAccess access, IOptions<LimitOptions> limits, TimeProvider time)
{
    /// <summary>The conversations.</summary>
    public IConversationStore Store => store;

    /// <summary>Finds those of a caller.</summary>
    public ConversationAccess Access => access;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Reads items that a client adds, and gives each an id.</summary>
    /// <exception cref="RequestException">400, naming the item that is wrong or cannot be kept.</exception>
    public IReadOnlyList<ConversationItem> ReadItems(JsonElement items) => ResponsesStoredItems.Read(items, () => TaskId.New(time).ToString());

    /// <summary>Reads the field <c>metadata</c>; <see langword="null"/> when there is none.</summary>
    /// <exception cref="RequestException">400: it is no object. 413: it is too large.</exception>
    public ReadOnlyMemory<byte>? ReadMetadata(JsonElement body)
    {
        if (body.OptionalObject("metadata") is not { } metadata)
            return null;

        var bytes = metadata.Raw();
        return bytes.Length <= limits.Value.MetadataBytes ? bytes : throw StartRefusals.MetadataTooLarge("metadata", limits.Value.MetadataBytes);
    }
}
