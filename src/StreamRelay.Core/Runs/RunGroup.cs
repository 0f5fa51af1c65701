using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The tasks to which the same limits apply.</summary>
/// <param name="Owner">Their owner.</param>
/// <param name="KeyId">The key that started them, or <see langword="null"/>.</param>
/// <param name="Agent">Their agent.</param>
internal readonly record struct RunGroup(string Owner, string? KeyId, string Agent)
{
    public static RunGroup Of(TaskRequest request) => new(request.Owner, request.KeyId, request.Agent);
}
