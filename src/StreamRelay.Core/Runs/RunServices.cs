using Microsoft.Extensions.Logging;

namespace StreamRelay.Runs;

/// <summary>What every run of this process uses.</summary>
internal sealed record RunServices(RunStores Stores, TaskCompletion Completion, ILogger Logger);
