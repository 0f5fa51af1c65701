using System.Collections.ObjectModel;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols;

/// <summary>A wire protocol that a task can be read in. Stateless; one instance serves every task.</summary>
public interface IStreamProtocol
{
    /// <summary>Its name, as in <c>?protocol=</c>; tells renderings of one task apart.</summary>
    string Name { get; }

    /// <summary>Whether its clients reconnect by themselves after a clean end of the body between two frames. Where they do not, such an end would look like success.</summary>
    bool AutoReconnects { get; }

    /// <summary>Whether a failed task's body must end badly, because some clients notice nothing else.</summary>
    bool AbortsOnFailure { get; }

    /// <summary>The response headers that its clients expect beside those of every stream. Default: none.</summary>
    IReadOnlyDictionary<string, string> Headers => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>A fresh encoder for one task, to be fed from its first entry.</summary>
    IStreamEncoder CreateEncoder(TaskRequest request);
}
