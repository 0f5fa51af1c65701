namespace StreamRelay.Tasks;

/// <summary>What an agent is given to work on. Immutable; may be large, and is therefore stored apart from the record.</summary>
/// <param name="Content">UTF-8 JSON: a string, or an array of messages (<c>role</c>, <c>content</c> as text or parts).</param>
/// <param name="Options">The rest of the client's request as a UTF-8 JSON object, or empty.</param>
public sealed record TaskInput(ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Options = default);
