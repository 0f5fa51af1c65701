using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server on its own port behind a proxy on ports 80 and 443, which runs the file of the documentation as it is. Both have a network of their own.</summary>
internal sealed class DocumentedProxy : IAsyncDisposable
{
    public const int RequestsPerMinute = 100;

    private const string Name = "streamrelay.example.com";
    private const string Direct = "http://127.0.0.1:7860";

    private static readonly string Docs = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../docs/proxies"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");
    private readonly string _key;
    private readonly NetworkNamespace _network;

    private DocumentedProxy(NetworkNamespace network, string key) => (_network, _key) = (network, key);

    private string[] Key => ["-H", $"Authorization: Bearer {_key}"];

    public static async Task<DocumentedProxy> StartAsync(string program)
    {
        var (key, hash) = ApiKey.Create();
        var proxy = new DocumentedProxy(await NetworkNamespace.CreateAsync(), key);
        try
        {
            // The settings that the file names.
            proxy._network.Start("dotnet", typeof(Program).Assembly.Location, $"--Urls={Direct}", $"--StreamRelay:DataPath={proxy.In("data")}", "--StreamRelay:Agents:probe:Type=probe",
                "--StreamRelay:Agents:remote:Type=push", "--Serilog:MinimumLevel=Warning", "--StreamRelay:Auth:Keys:0:Owner=ann", $"--StreamRelay:Auth:Keys:0:Hash={hash}", "--StreamRelay:Proxies:Trusted:0=127.0.0.1",
                "--StreamRelay:Limits:ConnectionsPerAddress=1000000", $"--StreamRelay:Limits:RequestsPerMinutePerAddress={RequestsPerMinute}");
            await proxy.StartProxyAsync(program);
            await Wait.UntilAsync(async () => (await proxy.CurlAsync("/health/live")).Exit == 0, Relay.Deadline, $"that {program} answers");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Requests a path through the proxy, over TLS and with the key.</summary>
    public Task<(int Exit, string Output)> CurlAsync(string path, params string[] options) => _network.RunAsync("curl", [.. Key, .. options, .. Through("https", path)]);

    /// <summary>Requests a path through the proxy with what the options hold alone.</summary>
    public Task<(int Exit, string Output)> CurlWithoutKeyAsync(string path, params string[] options) => _network.RunAsync("curl", [.. options, .. Through("https", path)]);

    /// <summary>Requests a path through the proxy without TLS.</summary>
    public Task<(int Exit, string Output)> CurlPlainAsync(string path, params string[] options) => _network.RunAsync("curl", [.. options, .. Through("http", path)]);

    /// <summary>Requests a path of the server itself.</summary>
    public Task<(int Exit, string Output)> CurlDirectAsync(string path, params string[] options) => _network.RunAsync("curl", ["-sS", "-f", .. Key, .. options, Direct + path]);

    /// <summary>Requests a path through the proxy, while the test reads the answer, and writes the body if curl takes it from its input.</summary>
    public Process OpenCurl(string path, params string[] options) => _network.Open("curl", [.. Key, .. options, .. Through("https", path)]);

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string[] Through(string scheme, string path) =>
        ["-sS", "-f", "-N", "--cacert", In("ca.pem"), "--resolve", $"{Name}:443:127.0.0.1", "--resolve", $"{Name}:80:127.0.0.1", $"{scheme}://{Name}{path}"];

    private async Task StartProxyAsync(string program)
    {
        if (program == "nginx")
            await StartNginxAsync();
        else
            await StartCaddyAsync();
    }

    private async Task StartNginxAsync()
    {
        _folder.CreateSubdirectory("certs");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var path in (string[])["ca.pem", "certs/streamrelay.pem"])
            await File.WriteAllTextAsync(In(path), certificate.ExportCertificatePem());

        await File.WriteAllTextAsync(In("certs/streamrelay.key"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(In("nginx.conf"), $$"""
            daemon off; error_log {{In("error.log")}}; pid {{In("nginx.pid")}}; {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events {}
            http {
              access_log off; client_body_temp_path {{In("body")}}; proxy_temp_path {{In("proxy")}}; fastcgi_temp_path {{In("f")}}; uwsgi_temp_path {{In("u")}}; scgi_temp_path {{In("s")}};
              include {{Path.Combine(Docs, "nginx.conf")}};
            }
            """);
        _network.Start("/usr/sbin/nginx", "-e", In("error.log"), "-c", In("nginx.conf"), "-p", _folder.FullName);
    }

    private async Task StartCaddyAsync()
    {
        // Its own authority instead of a public one, which nobody here could reach.
        await File.WriteAllTextAsync(In("Caddyfile"), $$"""
            {
              admin off
              local_certs
              skip_install_trust
              storage file_system {{In("caddy")}}
            }
            import {{Path.Combine(Docs, "Caddyfile")}}
            """);
        _network.Start("caddy", "run", "--config", In("Caddyfile"), "--adapter", "caddyfile");
        var authority = In("caddy/pki/authorities/local/root.crt");
        await Wait.UntilAsync(() => Task.FromResult(File.Exists(authority)), Relay.Deadline, "that Caddy has an authority");
        File.Copy(authority, In("ca.pem"));
    }
}
