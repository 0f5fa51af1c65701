namespace StreamRelay.Client.Tasks;

/// <summary>A page of a list.</summary>
internal sealed record RelayPage<T>(IReadOnlyList<T> Data, bool HasMore = false, string? Next = null);
