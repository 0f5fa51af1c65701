using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;

namespace StreamRelay.AspNetCore.Configuration;

public sealed class BuiltInAgentsTests
{
    [Theory]
    [InlineData(true, null, "given, probe, pushed, write_tutorial")]
    [InlineData(false, null, "given, pushed")]
    [InlineData(true, "false", "given, pushed")]
    [InlineData(false, "true", "given, probe, pushed, write_tutorial")]
    public async Task Built_in_agents_can_be_left_out_in_code_or_by_the_configuration(bool inCode, string? configured, string agents)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        builder.Configuration["StreamRelay:DataPath"] = folder.FullName;
        builder.Configuration["StreamRelay:Agents:pushed:Type"] = "push";
        if (configured is not null)
            builder.Configuration["StreamRelay:BuiltInAgents"] = configured;

        builder.Services.AddStreamRelay(builder.Configuration, options => options.BuiltInAgents = inCode).AddAgent("given", (_, _) => Task.CompletedTask);
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            Assert.Equal(agents, string.Join(", ", app.Services.GetRequiredService<AgentRegistry>().Names));
            await app.StopAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_task_without_built_in_agents_must_name_its_agent()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:BuiltInAgents", "false"));

        using var answer = await host.SendAsync(HttpMethod.Post, "/v1/tasks", null, JsonContent.Create(new { input = "hello" }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'agent' is required", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
