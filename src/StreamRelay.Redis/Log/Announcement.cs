using StreamRelay.Events;
using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>What is sent with every batch, behind it.</summary>
internal static class Announcement
{
    /// <summary>Tells followers of a batch. With the last one the log gets an expiry: a net below retention, for what it cannot delete because the record is gone already.</summary>
    public static RespCommand[] Of(string key, EntryId id, StreamEvent last, TimeSpan keep)
    {
        var publish = RespCommand.Of("PUBLISH", key, id.ToString());
        return last.Kind.IsTerminal() ? [publish, RespCommand.Of("PEXPIRE", key, (long)keep.TotalMilliseconds)] : [publish];
    }
}
