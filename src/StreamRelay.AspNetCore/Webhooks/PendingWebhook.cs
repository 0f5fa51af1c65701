using System.Globalization;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A message that has not been delivered. Its file contains the body, and the file's name everything else, so that a failed attempt is recorded by a rename.</summary>
/// <param name="Due">The time of the next attempt, in whole milliseconds.</param>
/// <param name="Attempts">The number of failed attempts.</param>
/// <param name="Task">The task that it is about.</param>
internal readonly record struct PendingWebhook(DateTimeOffset Due, int Attempts, TaskId Task) : IComparable<PendingWebhook>
{
    /// <summary>The end of the name of every complete message.</summary>
    public const string Suffix = ".json";

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Due.ToUnixTimeMilliseconds():D15}-{Attempts:D3}-{Task}{Suffix}");

    public static bool TryParse(string fileName, out PendingWebhook pending)
    {
        pending = default;
        if (!fileName.EndsWith(Suffix, StringComparison.Ordinal) || fileName[..^Suffix.Length].Split('-') is not [var due, var attempts, var task]
            || !long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !int.TryParse(attempts, NumberStyles.None, CultureInfo.InvariantCulture, out var failed) || !TaskId.TryParse(task, out var id))
        {
            return false;
        }

        pending = new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), failed, id);
        return true;
    }

    /// <summary>Orders by due time.</summary>
    public int CompareTo(PendingWebhook other) => Due.CompareTo(other.Due) is not 0 and var order ? order : Task.CompareTo(other.Task);
}
