using StreamRelay.Events;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The fields of a task's <c>start</c> event that a chat answer shows or follows.</summary>
/// <param name="Task">The fields that every task has.</param>
/// <param name="IncludeUsage">Whether a last chunk reports the usage.</param>
internal readonly record struct OpenAiChatStart(StartMetadata Task, bool IncludeUsage)
{
    /// <summary>The metadata of a task whose request asks for the usage.</summary>
    public static ReadOnlyMemory<byte> WithUsage { get; } = "{\"include_usage\":true}"u8.ToArray();

    public static OpenAiChatStart Read(StreamEvent start)
    {
        var includeUsage = false;
        var fields = new MetadataReader(start.Metadata);
        while (fields.Read())
        {
            if (fields.Is("include_usage"u8))
                includeUsage = fields.Flag();
        }

        return new(StartMetadata.Read(start), includeUsage);
    }
}
