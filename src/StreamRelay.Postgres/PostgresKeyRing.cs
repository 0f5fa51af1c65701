using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Stores the keys of data protection as rows. The keys are read about once a day, so a synchronous wait for the database is acceptable.</summary>
internal sealed class PostgresKeyRing(PostgresDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Wait<IReadOnlyCollection<XElement>>(async connection =>
    {
        await using var command = new NpgsqlCommand("select xml from streamrelay.keys order by created_at, id", connection);
        await using var row = await command.ExecuteReaderAsync();
        List<XElement> found = [];
        while (await row.ReadAsync())
            found.Add(XElement.Parse(row.GetString(0)));

        return found;
    });

    public void StoreElement(XElement element, string friendlyName) => Wait(async connection =>
    {
        await using var command = new NpgsqlCommand("insert into streamrelay.keys (id, xml) values (@id, @xml) on conflict (id) do update set xml = @xml", connection);
        command.Parameters.AddWithValue("id", friendlyName);
        command.Parameters.AddWithValue("xml", element.ToString(SaveOptions.DisableFormatting));
        return await command.ExecuteNonQueryAsync();
    });

    // The work runs on another thread, because its continuation may need the caller's thread, which is blocked.
    private T Wait<T>(Func<NpgsqlConnection, Task<T>> work) =>
        Task.Run(() => database.RunAsync((connection, _) => work(connection), CancellationToken.None).AsTask()).GetAwaiter().GetResult();
}
