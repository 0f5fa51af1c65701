using System.Diagnostics;

namespace StreamRelay.Benchmarks.Http;

/// <summary>nginx with the module nchan, which keeps the messages of a channel in memory.</summary>
internal static class NchanServer
{
    private const string Program = "/usr/sbin/nginx";
    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    /// <summary>Whether this machine has both.</summary>
    public static bool IsInstalled => File.Exists(Program) && File.Exists(Module);

    /// <summary>Starts it in one process, with its files in <paramref name="folder"/>. Messages are published at <c>/publish</c>.</summary>
    public static ProcessStartInfo Start(string folder, int port)
    {
        var configuration = Path.Combine(folder, "nchan.conf");
        File.WriteAllText(configuration, $$"""
            load_module {{Module}};
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr error;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 100000000;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen 127.0.0.1:{{port}};
                location = /publish { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 10000; }
              }
            }
            """);
        return new(Program, ["-c", configuration, "-p", folder]);
    }
}
