using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Health;
using StreamRelay.Cluster;
using StreamRelay.Postgres;
using StreamRelay.Redis;
using StreamRelay.Storage;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Fleet;

/// <summary>Chooses the stores: embedded, or those that the nodes of a fleet share.</summary>
internal static class FleetExtensions
{
    private const string Redis = "Redis";
    private const string Postgres = "Postgres";
    private const string StoreCheck = "storage";

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the shared stores where both connection strings are set, else the embedded one.</summary>
    /// <exception cref="InvalidOperationException">Only one of them is set.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var redis = configuration.GetConnectionString(Redis);
        var postgres = configuration.GetConnectionString(Postgres);
        return (string.IsNullOrWhiteSpace(redis), string.IsNullOrWhiteSpace(postgres)) switch
        {
            (true, true) => services.AddEmbedded(),
            (false, false) => services.AddFleet(redis!, postgres!),
            (true, false) => throw OnlyOne(Postgres, Redis),
            (false, true) => throw OnlyOne(Redis, Postgres),
        };
    }

    /// <summary>Lets this node take part in what the fleet has to run, where there is a fleet.</summary>
    public static IServiceCollection AddFleetWorker(this IServiceCollection services) =>
        services.Any(service => service.ServiceType == typeof(IWorkQueue)) ? services.AddHostedService<TaskWorker>() : services;

    private static IServiceCollection AddEmbedded(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StorageCheck>(StoreCheck);
        return services.AddEmbeddedStorage();
    }

    private static IServiceCollection AddFleet(this IServiceCollection services, string redis, string postgres)
    {
        services.AddStorageOptions();
        services.AddOptions<RedisStoreOptions>().BindConfiguration(RedisStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => PostgresStore.Create(postgres, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => OpenRedis(provider, redis));
        services.AddSingleton(provider => provider.GetRequiredService<PostgresStore>().Tasks);
        services.AddSingleton(provider => provider.GetRequiredService<PostgresStore>().Files);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Log);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Feed);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Work);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Signals);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Readers);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Locks);
        services.AddSingleton<IXmlRepository>(provider => provider.GetRequiredService<PostgresStore>().Keys);
        services.AddHealthChecks().AddCheck<FleetCheck>(StoreCheck, failureStatus: null, tags: [], CheckTimeout);
        return services.AddHostedService<FleetConnection>();
    }

    private static RedisStore OpenRedis(IServiceProvider services, string connectionString) => RedisStore.Create(
        connectionString,
        services.GetRequiredService<IOptions<RedisStoreOptions>>().Value,
        services.GetRequiredService<IOptions<StreamOptions>>().Value.StoreOutage,
        services.GetRequiredService<IOptions<StorageOptions>>().Value.RetentionAge * 2,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>(),
        services.GetRequiredService<ITaskStore>());

    private static InvalidOperationException OnlyOne(string given, string missing) => new(
        $"ConnectionStrings:{given} is set and ConnectionStrings:{missing} is not. A fleet needs both: set ConnectionStrings:{missing}, or remove ConnectionStrings:{given} for one server with its embedded store.");
}
