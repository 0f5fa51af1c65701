namespace StreamRelay.Storage.Records;

/// <summary>The document <c>input</c>: the input of a task. It is written once and never kept in memory.</summary>
internal sealed record StoredInput
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required ReadOnlyMemory<byte> Content { get; init; }
    public ReadOnlyMemory<byte> Options { get; init; }
}
