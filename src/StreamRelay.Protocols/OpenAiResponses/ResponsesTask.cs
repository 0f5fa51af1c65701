using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>What a task that was started through this API keeps of its request.</summary>
/// <param name="IsBackground">Whether the response goes on when nobody reads it.</param>
/// <param name="Conversation">The id of the conversation that the response belongs to, or <see langword="null"/>.</param>
/// <param name="EarlierMessages">How many messages of the input are of the conversation before the request, or of an earlier response.</param>
public readonly record struct ResponsesTask(bool IsBackground, string? Conversation, int EarlierMessages)
{
    /// <summary>Reads it.</summary>
    /// <returns><see langword="null"/> for a task that was started through another protocol.</returns>
    public static ResponsesTask? Find(TaskRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ResponsesTask? found = null;
        long earlier = 0;
        var fields = new MetadataReader(request.Protocol);
        while (fields.Read())
        {
            if (fields.Is("response"u8))
                found = Read(fields.Json((byte)'{'));
            else if (fields.Is("earlier_messages"u8))
                earlier = fields.Number();
        }

        return found is { } response ? response with { EarlierMessages = (int)earlier } : null;
    }

    /// <summary>Whether the response of a task with this end is incomplete, because its answer was cut.</summary>
    public static bool IsCut(in EndMetadata end) => !end.IsStopped && ResponsesEnd.Reason(end.FinishReason).Length > 0;

    private static ResponsesTask Read(ReadOnlyMemory<byte> response)
    {
        var result = new ResponsesTask(true, null, 0);
        var fields = new MetadataReader(response);
        while (fields.Read())
        {
            if (fields.Is("background"u8))
                result = result with { IsBackground = fields.Flag() };
            else if (fields.Is("conversation"u8))
                result = result with { Conversation = ReadId(fields.Json((byte)'{')) };
        }

        return result;
    }

    private static string? ReadId(ReadOnlyMemory<byte> conversation)
    {
        var fields = new MetadataReader(conversation);
        while (fields.Read())
        {
            if (fields.Is("id"u8))
                return fields.Text();
        }

        return null;
    }
}
