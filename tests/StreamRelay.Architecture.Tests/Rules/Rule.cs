namespace StreamRelay.Architecture.Rules;

/// <summary>Fails with what to do and a line for each place that breaks a rule.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations, string whatToDo)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{whatToDo}\n{string.Join('\n', found)}");
    }
}
