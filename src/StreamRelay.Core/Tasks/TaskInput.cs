namespace StreamRelay.Tasks;

/// <summary>The input of a task. Immutable. It can be large, and is therefore stored separately from the record.</summary>
/// <param name="Content">UTF-8 JSON: a string, or an array of messages (<c>role</c>, <c>content</c> as text or parts).</param>
/// <param name="Options">The rest of the client's request as a UTF-8 JSON object, or empty.</param>
public sealed record TaskInput(ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Options = default);
