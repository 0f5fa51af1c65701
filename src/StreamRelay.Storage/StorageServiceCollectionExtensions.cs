using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Configuration;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>Extension methods that register a store.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Registers the embedded store, which keeps tasks, logs and files in the folder <c>StreamRelay:DataPath</c>. The store opens when one of its services is first resolved.</summary>
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddStorageOptions();
        services.TryAddSingleton(Open);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Log);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Tasks);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Files);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Outbox);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Keys);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Conversations);
        services.TryAddSingleton(provider => provider.GetRequiredService<EmbeddedStore>().Status);
        return services;
    }

    /// <summary>Registers stores for tests, which keep tasks, logs and files in memory until the process ends.</summary>
    public static IServiceCollection AddMemoryStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddStorageOptions();
        services.TryAddSingleton<IEventLog, MemoryEventLog>();
        services.TryAddSingleton<ITaskStore, MemoryTaskStore>();
        services.TryAddSingleton<IFileStore, MemoryFileStore>();
        return services;
    }

    /// <summary>Registers <see cref="StorageOptions"/>, bound to the section <c>StreamRelay:Storage</c> and to <c>StreamRelay:DataPath</c>, without a store.</summary>
    public static IServiceCollection AddStorageOptions(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>()
            .BindSection(StorageOptions.Section)
            .Configure<IConfiguration>(SetDataPath)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services;
    }

    private static void SetDataPath(StorageOptions options, IConfiguration configuration) =>
        options.DataPath = configuration[StorageOptions.DataPathKey] is { Length: > 0 } path ? path : options.DataPath;

    private static EmbeddedStore Open(IServiceProvider services) =>
        EmbeddedStore.Open(
            services.GetRequiredService<IOptions<StorageOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>());
}
