using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.AspNetCore.Health;
using StreamRelay.Cluster;
using StreamRelay.Cluster.Operations;
using StreamRelay.Configuration;
using StreamRelay.Postgres;
using StreamRelay.Redis;
using StreamRelay.Redis.Operations;
using StreamRelay.Runs;
using StreamRelay.Storage;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes an application a node of a cluster.</summary>
public static class StreamRelayClusterServiceExtensions
{
    private const string Redis = "Redis";
    private const string Postgres = "Postgres";

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Replaces the embedded store by Redis and PostgreSQL, and shares the work with the other nodes, where <c>ConnectionStrings:Redis</c> and
    /// <c>ConnectionStrings:Postgres</c> are set. Without either of them the application keeps its embedded store.</summary>
    /// <param name="services">The services; <c>AddStreamRelay</c> was called before.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <exception cref="InvalidOperationException">Only one of the connection strings is set, or <c>AddStreamRelay</c> was not called.</exception>
    public static IServiceCollection AddStreamRelayCluster(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.All(service => service.ServiceType != typeof(StreamManager)))
            throw new InvalidOperationException("StreamRelay is not registered; call AddStreamRelay(builder.Configuration) before AddStreamRelayCluster(builder.Configuration).");

        services.AddSingleton(new OptionsSection(RedisStoreOptions.Section, typeof(RedisStoreOptions)));
        services.AddSingleton(new OptionsSection(OperationOptions.Section, typeof(OperationOptions)));
        var redis = configuration.GetConnectionString(Redis);
        var postgres = configuration.GetConnectionString(Postgres);
        return (string.IsNullOrWhiteSpace(redis), string.IsNullOrWhiteSpace(postgres)) switch
        {
            (true, true) => services,
            (false, false) => services.AddNode(redis!, postgres!),
            (true, false) => throw MissingConnection(Postgres, Redis),
            (false, true) => throw MissingConnection(Redis, Postgres),
        };
    }

    private static IServiceCollection AddNode(this IServiceCollection services, string redis, string postgres)
    {
        services.AddOptions<RedisStoreOptions>().BindSection(RedisStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => PostgresStore.Create(postgres, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => OpenRedis(provider, redis));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<PostgresStore>().Tasks));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<PostgresStore>().Files));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<PostgresStore>().Outbox));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<PostgresStore>().ApiKeys));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<PostgresStore>().Conversations));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<RedisStore>().Log));
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Feed);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Work);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Signals);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Readers);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Locks);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Rates);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Counts);
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().Sums);
        services.AddSingleton(provider => provider.GetRequiredService<PostgresStore>().TaskCounts);
        services.Replace(ServiceDescriptor.Singleton<ITaskScheduler, ClusterScheduler>());
        services.AddSingleton<IXmlRepository>(provider => provider.GetRequiredService<PostgresStore>().Keys);
        services.PostConfigure<HealthCheckServiceOptions>(ReplaceStorageCheck);
        services.AddHostedService<ClusterConnection>();
        services.AddCompletionMessages();
        return services;
    }

    private static void ReplaceStorageCheck(HealthCheckServiceOptions options)
    {
        var storage = options.Registrations.Single(registration => registration.Name == StorageCheck.Name);
        storage.Factory = ActivatorUtilities.GetServiceOrCreateInstance<ClusterCheck>;
        storage.Timeout = CheckTimeout;
    }

    private static RedisStore OpenRedis(IServiceProvider services, string connectionString) => RedisStore.Create(
        connectionString,
        services.GetRequiredService<IOptions<RedisStoreOptions>>().Value,
        new(services.GetRequiredService<IOptions<StreamOptions>>().Value.StoreOutage, services.GetRequiredService<IOptions<StorageOptions>>().Value.RetentionAge * 2),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>(),
        services.GetRequiredService<ITaskStore>());

    private static InvalidOperationException MissingConnection(string given, string missing) => new(
        $"ConnectionStrings:{given} is set and ConnectionStrings:{missing} is not. A cluster needs both: set ConnectionStrings:{missing}, or remove ConnectionStrings:{given} for one server with its embedded store.");
}
