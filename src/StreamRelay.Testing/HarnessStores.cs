using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>The stores of a test, which outlive an attempt.</summary>
internal sealed record HarnessStores(IEventLog Log, ITaskStore Tasks, IFileStore Files);
