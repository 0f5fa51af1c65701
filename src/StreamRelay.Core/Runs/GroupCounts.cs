using StreamRelay.Limits;

namespace StreamRelay.Runs;

/// <summary>Numbers of tasks by owner, key and agent. Not safe to use from several threads.</summary>
internal sealed class GroupCounts
{
    private readonly NameCounts _owners = new();
    private readonly NameCounts _keys = new();
    private readonly NameCounts _agents = new();

    /// <summary>The tasks of an owner.</summary>
    public int OfOwner(string owner) => _owners[owner];

    /// <summary>The tasks that a key has started.</summary>
    public int OfKey(string key) => _keys[key];

    /// <summary>The tasks of an agent.</summary>
    public int OfAgent(string agent) => _agents[agent];

    /// <summary>The tasks of the owner or the key that has a limit.</summary>
    public int Of(LimitScope scope) => scope.Of == LimitScope.OfKey ? OfKey(scope.Name) : OfOwner(scope.Name);

    /// <summary>Counts one task more, or one less.</summary>
    public void Change(RunGroup group, bool isMore)
    {
        _owners.Change(group.Owner, isMore);
        _agents.Change(group.Agent, isMore);
        if (group.KeyId is { } key)
            _keys.Change(key, isMore);
    }
}
