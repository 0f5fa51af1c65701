using System.Text;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The content of a ticket: it reads these tasks of the owner until it expires.</summary>
internal sealed record Ticket(string Owner, IReadOnlyList<TaskId> Tasks, DateTimeOffset ExpiresAt)
{
    private const byte Version = 1;
    private const int IdBytes = 16;

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(ExpiresAt.ToUnixTimeMilliseconds());
        writer.Write(Owner);
        writer.Write((byte)Tasks.Count);
        foreach (var task in Tasks)
            writer.Write(task.Value.ToByteArray());

        return bytes.ToArray();
    }

    /// <summary>Reads the bytes of <see cref="ToBytes"/>; <see langword="null"/> when they have another version.</summary>
    public static Ticket? FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Version)
            return null;

        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var owner = reader.ReadString();
        var tasks = new TaskId[reader.ReadByte()];
        for (var index = 0; index < tasks.Length; index++)
            tasks[index] = new(new Guid(reader.ReadBytes(IdBytes)));

        return new(owner, tasks, expiresAt);
    }
}
