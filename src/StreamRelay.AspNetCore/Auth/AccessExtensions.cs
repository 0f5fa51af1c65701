using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Registers access control.</summary>
internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<Tickets>();
        services.AddSingleton<IHostedService, ListenGuard>();
        services.AddDataProtection().SetApplicationName("StreamRelay");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<StorageOptions>, ILoggerFactory>(KeepKeys);
    }

    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();

    // The keys that sign tickets lie in the data folder, which only the server's own user can read.
    private static void KeepKeys(KeyManagementOptions options, IOptions<StorageOptions> storage, ILoggerFactory logging) =>
        options.XmlRepository = new FileSystemXmlRepository(new(Path.Combine(storage.Value.DataPath, "keys")), logging);
}
