using StreamRelay.Files;
using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>What limits tasks beside the slots of this process.</summary>
/// <param name="Files">What agents may store as files; <see langword="null"/>: as much as they like.</param>
/// <param name="Tokens">The tokens that tasks may use; <see langword="null"/>: any number.</param>
/// <param name="Queued">Counts the tasks that wait on all nodes; <see langword="null"/>: there are no others.</param>
/// <param name="Running">Counts the tasks that run on all nodes; <see langword="null"/>: there are no others.</param>
public sealed record RunQuotas(FileQuota? Files = null, TokenQuota? Tokens = null, ITaskCounts? Queued = null, ISharedCounts? Running = null);
