using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;

namespace StreamRelay.AspNetCore.Configuration;

public sealed class ProbeTests
{
    [Theory]
    [InlineData("Production", false, false)]
    [InlineData("Production", true, true)]
    [InlineData("Development", false, true)]
    public async Task The_probe_exists_in_development_or_where_it_is_configured(string environment, bool isConfigured, bool exists)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["StreamRelay:DataPath"] = folder.FullName;
        if (isConfigured)
            builder.Configuration["StreamRelay:Agents:probe:Type"] = "probe";

        builder.Services.AddStreamRelay(builder.Configuration);
        await using (var app = builder.Build())
            Assert.Equal(exists, app.Services.GetRequiredService<AgentRegistry>().Find("probe") is not null);

        folder.Delete(recursive: true);
    }
}
