namespace StreamRelay.Architecture.Rules;

/// <summary>Fails with what to do and a line for each place that breaks a rule.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations, string whatToDo)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{whatToDo}\n{string.Join('\n', found)}");
    }

    /// <summary>Allows a number of violations that were there when the rule was written.</summary>
    public static void HoldsBut(int allowed, IEnumerable<string> violations, string whatToDo)
    {
        var found = violations.ToList();
        Assert.True(found.Count <= allowed, $"{whatToDo} ({found.Count} found, {allowed} known)\n{string.Join('\n', found)}");
    }
}
