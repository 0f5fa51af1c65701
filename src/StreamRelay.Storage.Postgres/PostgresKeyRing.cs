using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace StreamRelay.Storage.Postgres;

/// <summary>The keys of data protection as rows. They are read about once a day, so that waiting for the database does no harm.</summary>
internal sealed class PostgresKeyRing(PostgresDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Wait(database.RunAsync<IReadOnlyCollection<XElement>>(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand("select xml from streamrelay.keys order by created_at, id", connection);
        await using var row = await command.ExecuteReaderAsync();
        List<XElement> found = [];
        while (await row.ReadAsync())
            found.Add(XElement.Parse(row.GetString(0)));

        return found;
    }, CancellationToken.None));

    public void StoreElement(XElement element, string friendlyName) => Wait(database.RunAsync(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand("insert into streamrelay.keys (id, xml) values (@id, @xml) on conflict (id) do update set xml = @xml", connection);
        command.Parameters.AddWithValue("id", friendlyName);
        command.Parameters.AddWithValue("xml", element.ToString(SaveOptions.DisableFormatting));
        return await command.ExecuteNonQueryAsync();
    }, CancellationToken.None));

    private static T Wait<T>(ValueTask<T> work) => work.AsTask().GetAwaiter().GetResult();
}
