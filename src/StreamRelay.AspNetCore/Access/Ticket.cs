using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The content of a ticket: it reads these tasks of the owner until it expires.</summary>
/// <param name="Owner">The owner of the tasks.</param>
/// <param name="Key">The id of the key that it was issued for, with which it ends; <see cref="Keyless.Id"/> where it was issued without one.</param>
/// <param name="Tasks">The tasks.</param>
/// <param name="ExpiresAt">The end of the ticket.</param>
/// <param name="Until">The end of the credentials that it was issued for, which no cookie outlives.</param>
internal sealed record Ticket(string Owner, string Key, IReadOnlyList<TaskId> Tasks, DateTimeOffset ExpiresAt, DateTimeOffset Until)
{
    /// <summary>The end of credentials that do not expire by themselves.</summary>
    public static readonly DateTimeOffset Endless = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

    private const byte Version = 3;
    private const int IdBytes = 16;

    /// <summary>A ticket for the caller of a request. It expires with the caller's credentials at the latest.</summary>
    public static Ticket Issue(HttpContext context, IReadOnlyList<TaskId> tasks, DateTimeOffset expiresAt)
    {
        var until = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc ?? Endless;
        return new(context.GetOwner(), context.User.FindFirstValue(CallerClaims.Key) ?? Keyless.Id, tasks, expiresAt < until ? expiresAt : until, until);
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(ExpiresAt.ToUnixTimeMilliseconds());
        writer.Write(Until.ToUnixTimeMilliseconds());
        writer.Write(Owner);
        writer.Write(Key);
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
        var until = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var owner = reader.ReadString();
        var key = reader.ReadString();
        var tasks = new TaskId[reader.ReadByte()];
        for (var index = 0; index < tasks.Length; index++)
            tasks[index] = new(new Guid(reader.ReadBytes(IdBytes)));

        return new(owner, key, tasks, expiresAt, until);
    }
}
