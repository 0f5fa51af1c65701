using System.Collections.ObjectModel;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols;

/// <summary>A wire protocol in which tasks are read. Stateless; one instance serves every task.</summary>
public interface IStreamProtocol
{
    /// <summary>Its name, as in <c>?protocol=</c>; unique.</summary>
    string Name { get; }

    /// <summary>Whether its clients reconnect after a clean end of the body between two frames. Where they do not, they take such an end for success.</summary>
    bool AutoReconnects { get; }

    /// <summary>Whether the body of a failed task is left incomplete, because some clients notice nothing else.</summary>
    bool AbortsOnFailure { get; }

    /// <summary>The response headers that its clients expect beside those of every stream. Default: none.</summary>
    IReadOnlyDictionary<string, string> Headers => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>A new encoder for one task; it is given every entry, from the first one on.</summary>
    IStreamEncoder CreateEncoder(TaskRequest request);
}
