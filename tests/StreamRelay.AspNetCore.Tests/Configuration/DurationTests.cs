using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatModels;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Webhooks;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Configuration;

/// <summary>Durations in the sections of StreamRelay, in an application that embeds it.</summary>
public sealed class DurationTests
{
    [Fact]
    public async Task A_number_with_a_unit_is_a_duration_in_every_section_of_StreamRelay()
    {
        IServiceProvider? services = null;
        await using var host = await HostApp.StartAsync(
            new HostAppParts { Pipeline = app => services = app.Services },
            ("StreamRelay:Agents:pushed:Type", "push"), ("StreamRelay:Agents:pushed:IdleTimeout", "3m"), ("StreamRelay:Agents:pushed:MaxDuration", "2h"),
            ("StreamRelay:Streams:heartbeatinterval", "20s"), ("StreamRelay:Streams:StallTimeout", "00:00:30"), ("StreamRelay:Storage:RetentionAge", "7d"),
            ("StreamRelay:Model:TokenTimeout", "5s"), ("StreamRelay:Webhooks:Timeout", "4s"));

        var streams = services!.GetRequiredService<IOptions<StreamOptions>>().Value;
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)), (streams.HeartbeatInterval, streams.StallTimeout));
        Assert.Equal(TimeSpan.FromMinutes(3), services!.GetRequiredService<IOptionsMonitor<PushOptions>>().Get("pushed").IdleTimeout);
        Assert.Equal(TimeSpan.FromHours(2), services!.GetRequiredService<IOptionsMonitor<AgentOptions>>().Get("pushed").MaxDuration);
        Assert.Equal(TimeSpan.FromDays(7), services!.GetRequiredService<IOptions<StorageOptions>>().Value.RetentionAge);
        Assert.Equal(TimeSpan.FromSeconds(5), services!.GetRequiredService<IOptions<ModelOptions>>().Value.TokenTimeout);
        Assert.Equal(TimeSpan.FromSeconds(4), services!.GetRequiredService<IOptions<WebhookOptions>>().Value.Timeout);
    }

    [Theory]
    [InlineData("15x")]
    [InlineData("soon")]
    [InlineData("999999999999d")]
    public async Task Another_text_stops_the_start_and_the_message_names_the_setting_and_the_forms(string text)
    {
        var thrown = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => HostApp.StartAsync(("StreamRelay:Streams:HeartbeatInterval", text)));

        Assert.Equal($"StreamRelay:Streams:HeartbeatInterval is '{text}'. It must be a duration such as 15s, 5m, 2h or 1d, or 00:00:15.", thrown.Message);
    }

    [Fact]
    public async Task A_changed_duration_reaches_those_who_follow_the_options()
    {
        IServiceProvider? services = null;
        await using var host = await HostApp.StartAsync(new HostAppParts { Pipeline = app => services = app.Services }, ("StreamRelay:Streams:ResumeGrace", "1m"));
        var streams = services!.GetRequiredService<IOptionsMonitor<StreamOptions>>();
        Assert.Equal(TimeSpan.FromMinutes(1), streams.CurrentValue.ResumeGrace);

        host.Configuration["StreamRelay:Streams:ResumeGrace"] = "2m";
        host.Configuration.Reload();

        Assert.Equal(TimeSpan.FromMinutes(2), streams.CurrentValue.ResumeGrace);
    }

    [Fact]
    public async Task The_application_s_own_settings_are_read_as_before()
    {
        await using var host = await HostApp.StartAsync(("Shop:Opening", "08:30:00"), ("Shop:Break", "15m"));

        Assert.Equal(new TimeSpan(8, 30, 0), host.Configuration.GetValue<TimeSpan>("Shop:Opening"));
        Assert.Throws<InvalidOperationException>(() => host.Configuration.GetValue<TimeSpan>("Shop:Break"));
    }
}
