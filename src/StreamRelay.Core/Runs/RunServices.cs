using Microsoft.Extensions.Logging;

namespace StreamRelay.Runs;

/// <summary>What every run of this process uses.</summary>
/// <param name="Stores">The stores.</param>
/// <param name="Opener">Opens streams.</param>
/// <param name="Completion">Completes tasks.</param>
/// <param name="Retry">Repeats changes of records until <see cref="Streams.StreamOptions.StoreOutage"/> has passed.</param>
/// <param name="Logger">The log of this process.</param>
internal sealed record RunServices(RunStores Stores, StreamOpener Opener, TaskCompletion Completion, StoreRetry Retry, ILogger Logger);
