using System.Text.Json;
using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.Tasks;

namespace StreamRelay.Server.Clients;

/// <summary>The types of <c>client.js</c> are those of the server.</summary>
public sealed class ClientTypesTests
{
    private static readonly TypeFile Types = new(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wwwroot", "client.d.ts")));

    [Theory]
    [InlineData("Task", typeof(TaskView))]
    [InlineData("TaskFile", typeof(TaskFile))]
    [InlineData("TaskEvent", typeof(TaskEvent))]
    public void A_type_has_the_fields_that_the_server_sends(string name, Type sent)
    {
        var fields = sent.GetProperties().Select(field => field.Name == "Kind" ? "object" : JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name));

        Assert.Empty(fields.Except(Types.Fields(name)));
    }
}
