using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Clients that ask for an answer in one piece and do not read it.</summary>
public sealed class StalledReaderTests
{
    private const int AnswerBytes = 20_000_000;

    [Fact]
    public async Task The_connection_of_a_client_that_does_not_read_its_answer_is_aborted()
    {
        var log = new FakeLogCollector();
        var parts = new HostAppParts { Services = services => services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log)).SetMinimumLevel(LogLevel.Debug)) };
        await using var host = await HostApp.StartAsync(parts, ("StreamRelay:Limits:BodyBytes", "100000000"), ("StreamRelay:Streams:StallTimeout", "00:00:01"));
        var address = host.Client.BaseAddress!;
        var body = $$"""{"model":"echo","messages":[{"role":"user","content":"{{new string('x', AnswerBytes)}}"}]}""";
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        await log.WhenAsync("the application aborted the connection");
    }
}
