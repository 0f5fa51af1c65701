using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using StreamRelay.Client;

namespace StreamRelay.Testing;

/// <summary>An application with StreamRelay for tests: on real connections (Kestrel, a free port of 127.0.0.1), with a data folder of its own, and without limits of callers.</summary>
/// <typeparam name="TProgram">The <c>Program</c> of the application, which passes its arguments to <c>WebApplication.CreateBuilder(args)</c>.</typeparam>
/// <remarks>It is a fixture of xunit, NUnit and MSTest as it is. <see cref="WebApplicationFactory{TProgram}.Services"/> has the services of the application.
/// An application that <see cref="WebApplicationFactory{TProgram}.WithWebHostBuilder"/> makes has a data folder of its own too. All of them are deleted when this factory is disposed.</remarks>
public class StreamRelayFactory<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    private static readonly string[] Limits =
    [
        "RequestsPerMinutePerKey", "RequestsPerMinutePerOwner", "RequestsPerMinutePerAddress", "StreamsPerKey", "StreamsPerAddress", "StreamsPerOwner",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
    private readonly Lazy<Uri> _address;
    private int _applications;

    /// <summary>Creates the application; it starts when its address or a client is asked for.</summary>
    public StreamRelayFactory()
    {
        UseKestrel();
        _address = new(() =>
        {
            StartServer();
            return ClientOptions.BaseAddress;
        });
    }

    /// <summary>Settings of the application, which replace those of its own configuration, such as <c>StreamRelay:Auth:Keys:0:Hash</c>. Set before the start.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    /// <summary>The address of the application, which is started.</summary>
    public Uri Address => _address.Value;

    /// <summary>A client of the application, which is started. Dispose it.</summary>
    /// <param name="apiKey">The key; <see langword="null"/> where the application has none.</param>
    public StreamRelayClient CreateRelayClient(string? apiKey = null) => new(Address, apiKey);

    /// <summary>An HTTP client with the address of the application, which is started. Dispose it.</summary>
    public HttpClient CreateHttpClient() => new() { BaseAddress = Address };

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSetting("Urls", "http://127.0.0.1:0");
        builder.UseSetting("StreamRelay:DataPath", Path.Combine(_folder, $"{Interlocked.Increment(ref _applications)}"));
        foreach (var limit in Limits)
            builder.UseSetting($"StreamRelay:Limits:{limit}", "0");
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
