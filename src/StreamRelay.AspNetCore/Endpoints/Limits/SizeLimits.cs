using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Files;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>The largest things that are accepted, of every caller.</summary>
internal sealed class SizeLimits(IOptions<LimitOptions> requests, IOptions<StreamOptions> tasks, IOptions<FileQuotaOptions> files)
{
    /// <summary>Events a second of one task; <see langword="null"/>: no limit.</summary>
    public int? EventsPerSecond => tasks.Value.MaxEventsPerSecond is > 0 and var most ? most : null;

    /// <summary>The sizes in bytes, by name.</summary>
    public IReadOnlyDictionary<string, long> ToBytes() => new Dictionary<string, long>
    {
        ["body"] = requests.Value.BodyBytes,
        ["metadata"] = requests.Value.MetadataBytes,
        ["event"] = tasks.Value.MaxEventBytes,
        ["task"] = tasks.Value.MaxTaskBytes,
        ["file"] = files.Value.MaxFileBytes,
        ["files_of_task"] = files.Value.MaxTaskBytes,
        ["files_of_owner"] = files.Value.MaxOwnerBytes,
    };
}
