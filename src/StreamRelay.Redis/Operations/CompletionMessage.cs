namespace StreamRelay.Redis;

/// <summary>A message that tells of an outside operation which is done, as it was delivered.</summary>
public sealed class CompletionMessage
{
    private static ReadOnlySpan<byte> DataField => "data"u8;

    /// <param name="id">Its id in the stream.</param>
    /// <param name="fields">Its fields, each name followed by its value.</param>
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

    /// <summary>Its id in the stream.</summary>
    public string Id { get; }

    /// <summary>The field <c>data</c>, or <see langword="null"/> when there is none.</summary>
    public ReadOnlyMemory<byte>? Data { get; }

    /// <summary>How often it was delivered, to anybody; 1 for the first time.</summary>
    public long Deliveries { get; init; } = 1;

    /// <summary>All its fields, each name followed by its value.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Fields { get; }
}
