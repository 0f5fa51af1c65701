namespace StreamRelay.Storage.Records;

/// <summary>The document <c>input</c>: written once, and read only when it is asked for.</summary>
internal sealed record StoredInput
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required ReadOnlyMemory<byte> Content { get; init; }
    public ReadOnlyMemory<byte> Options { get; init; }
}
