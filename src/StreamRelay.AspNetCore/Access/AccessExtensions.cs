using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Adds access control: API keys, tickets, and the rules for a server without keys.</summary>
public static class AccessExtensions
{
    /// <summary>Adds access control, set up from the section <c>StreamRelay:Auth</c>. What signs tickets is kept in the folder <c>keys</c> of the data folder.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {

        // Bound without following changes: the key ring does that, and keeps what was in force when a change has mistakes.
        services.AddOptions<AuthOptions>().Configure<IConfiguration>((options, configuration) => configuration.GetSection(AuthOptions.Section).Bind(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthKeysValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<TicketSigner>();
        services.TryAddSingleton<StreamCookie>();
        services.TryAddSingleton<TicketReader>();
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>, CorsSetup>();
        services.AddHostedService<AccessGuardService>();
        return services;
    }

    /// <summary>Guards everything after it: also every other route of the application, unless it allows anonymous callers.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app)
    {
        // Whether a request needs a key, or may bring a ticket, is said by its route, so the route has to be known by now.
        app.UseRouting();
        app.UseCors(CorsSetup.Policy);
        return app.UseMiddleware<AccessMiddleware>();
    }
}
