using Microsoft.Extensions.Logging;
using StreamRelay.Files;

namespace StreamRelay.Runs;

/// <summary>What every run of this process uses.</summary>
/// <param name="Stores">The stores.</param>
/// <param name="Opener">Opens streams.</param>
/// <param name="Completion">Completes tasks.</param>
/// <param name="Retry">Repeats changes of records until <see cref="Streams.StreamOptions.StoreOutage"/> has passed.</param>
/// <param name="Files">What agents may store as files; <see langword="null"/>: as much as they like.</param>
/// <param name="Logger">The log of this process.</param>
internal sealed record RunServices(RunStores Stores, StreamOpener Opener, TaskCompletion Completion, StoreRetry Retry, FileQuota? Files, ILogger Logger);
