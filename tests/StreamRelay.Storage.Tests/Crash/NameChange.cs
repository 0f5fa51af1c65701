namespace StreamRelay.Storage.Crash;

/// <summary>A file is created, renamed, or (without a node) deleted.</summary>
internal sealed record NameChange(string Name, string? OldName, CrashNode? Node)
{
    public void Apply(Dictionary<string, CrashNode> names)
    {
        if (OldName is not null)
            names.Remove(OldName);
        if (Node is null)
            names.Remove(Name);
        else
            names[Name] = Node;
    }
}
