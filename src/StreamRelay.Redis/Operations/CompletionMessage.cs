namespace StreamRelay.Redis.Operations;

/// <summary>A message about the end of an external operation, as it was delivered.</summary>
public sealed class CompletionMessage
{
    private static ReadOnlySpan<byte> DataField => "data"u8;

    /// <param name="id">The id in the stream.</param>
    /// <param name="fields">The fields, each name followed by its value.</param>
    internal CompletionMessage(string id, IReadOnlyList<ReadOnlyMemory<byte>> fields)
    {
        Id = id;
        Fields = fields;
        for (var index = 0; index + 1 < fields.Count && Data is null; index += 2)
        {
            if (fields[index].Span.SequenceEqual(DataField))
                Data = fields[index + 1];
        }
    }

    /// <summary>The id in the stream.</summary>
    public string Id { get; }

    /// <summary>The field <c>data</c>; <see langword="null"/> when there is none.</summary>
    public ReadOnlyMemory<byte>? Data { get; }

    /// <summary>The number of deliveries to any consumer; 1 for the first one.</summary>
    public long Deliveries { get; init; } = 1;

    /// <summary>All fields, each name followed by its value.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Fields { get; }
}
