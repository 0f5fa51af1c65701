using StreamRelay.Agents;

namespace Crew;

/// <summary>What the researcher looks facts up in.</summary>
internal sealed class Library
{
    private readonly Dictionary<string, string[]> _shelves = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tea"] = ["Tea comes from one plant.", "Green tea is not fermented.", "Tea grows best in the shade."],
        ["coffee"] = ["Coffee is a fruit.", "Espresso takes half a minute.", "Decaffeinated coffee has some caffeine."],
    };

    public async Task<string> FindAsync(string subject, int number, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return _shelves.TryGetValue(subject, out var facts) ? facts[number - 1] : throw new AgentException("no_facts", $"The library has nothing about '{subject}'.");
    }
}
