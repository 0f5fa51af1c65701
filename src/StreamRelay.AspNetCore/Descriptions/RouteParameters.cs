namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>The parameters that several routes have.</summary>
internal static class RouteParameters
{
    private const long LargestSequence = (1L << 53) - 1;

    public static RouteParameter IdempotencyKey { get; } =
        Header("Idempotency-Key", "The same key with the same body reads the task that was started with it, and starts no other; with another body it is a 422.");

    public static RouteParameter LastEventId { get; } =
        Header("Last-Event-ID", "The id of the last frame that the client has seen: the stream goes on after it. It wins over the parameters of the query.");

    /// <summary>The parameters of a page of items (OpenAI API, Conversations, list items).</summary>
    public static RouteParameter[] ItemPage { get; } =
    [
        Number("limit", "The most items. Default 20.", 1, 100),
        OneOf("order", "Whether the newest or the oldest item is the first. Default `desc`.", "desc", "asc"),
        new("after", "The id of the last item of the previous page."),
        new("include", "Fields to include. Those that the server has are always included.") { IsList = true },
    ];

    /// <summary>The headers of an idempotent producer (Durable Streams, idempotent producers).</summary>
    public static RouteParameter[] Producer { get; } =
    [
        Header("Producer-Id", "The producer, 1 to 255 characters. The three headers come together."),
        Number("Producer-Epoch", "The run of the producer. A higher one shuts out earlier ones.", 0, LargestSequence) with { IsHeader = true },
        Number("Producer-Seq", "The number of the first event of the request, counted by the producer from 0. Events below the next one are not appended again.", 0, LargestSequence) with { IsHeader = true },
    ];

    public static RouteParameter Header(string name, string description) => new(name, description) { IsHeader = true };

    public static RouteParameter Number(string name, string description, long least, long most) => new(name, description) { Range = (least, most) };

    public static RouteParameter OneOf(string name, string description, params string[] values) => new(name, description) { Values = values };
}
