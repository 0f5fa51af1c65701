namespace StreamRelay.Protocols.Requests;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
public static class Spelling
{
    private const int MostChanges = 2;

    /// <summary>The known name with the fewest changes, or <see langword="null"/> when none is within two inserted, removed or replaced characters, or when the name itself is known.</summary>
    public static string? FindClosest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var closest = known.Select(other => (Name: other, Changes: CountChanges(name, other))).OrderBy(other => other.Changes).FirstOrDefault();
        return closest.Name is not null && closest.Changes is > 0 and <= MostChanges ? closest.Name : null;
    }

    /// <summary>The Levenshtein distance, without regard to case.</summary>
    private static int CountChanges(string name, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var index = 0; index < name.Length; index++)
        {
            var diagonal = row[0];
            row[0] = index + 1;
            for (var column = 0; column < other.Length; column++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(name[index]) == char.ToUpperInvariant(other[column]) ? 0 : 1);
                diagonal = row[column + 1];
                row[column + 1] = Math.Min(replaced, Math.Min(row[column], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
