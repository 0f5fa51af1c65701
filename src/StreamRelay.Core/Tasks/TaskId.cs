using System.Diagnostics.CodeAnalysis;

namespace StreamRelay.Tasks;

/// <summary>The id of a task: a version 7 UUID (RFC 9562, section 5.7), written as 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">The UUID.</param>
public readonly record struct TaskId(Guid Value) : IComparable<TaskId>
{
    /// <summary>A new id; ids made later in this process sort later, also when the clock is set back.</summary>
    public static TaskId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return TaskIdSequence.Next(time.GetUtcNow());
    }

    /// <summary>Makes every later <see cref="New"/> return ids that sort after an id, such as the newest one that a store holds.</summary>
    public static void Observe(TaskId newest) => TaskIdSequence.Observe(newest);

    /// <summary>Reads an id as <see cref="ToString"/> writes it.</summary>
    /// <returns><see langword="false"/> when <paramref name="text"/> is not exactly 32 lower-case hexadecimal digits.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaskId id)
    {
        var valid = Guid.TryParseExact(text, "N", out var value) && !text.AsSpan().ContainsAnyInRange('A', 'F');
        id = valid ? new(value) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(TaskId other) => Value.CompareTo(other.Value);

    /// <summary>The 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");

    /// <summary>Whether <paramref name="left"/> was made earlier than <paramref name="right"/>.</summary>
    public static bool operator <(TaskId left, TaskId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> was made later than <paramref name="right"/>.</summary>
    public static bool operator >(TaskId left, TaskId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> was not made later than <paramref name="right"/>.</summary>
    public static bool operator <=(TaskId left, TaskId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> was not made earlier than <paramref name="right"/>.</summary>
    public static bool operator >=(TaskId left, TaskId right) => left.CompareTo(right) >= 0;
}
