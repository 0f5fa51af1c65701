using StreamRelay.Tasks;

namespace StreamRelay.Storage.Database;

/// <summary>Ids as the database stores them: 16 bytes that sort as the ids do.</summary>
internal static class TaskIdBytes
{
    public static byte[] ToBytes(this TaskId id) => id.Value.ToByteArray(bigEndian: true);

    public static TaskId ToTaskId(this byte[] bytes) => new(new Guid(bytes, bigEndian: true));
}
