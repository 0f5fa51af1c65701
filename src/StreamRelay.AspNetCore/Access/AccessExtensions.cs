using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Configuration;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Adds access control: API keys, tickets, policies, and the rules for a server without keys.</summary>
public static class AccessExtensions
{
    /// <summary>Adds the schemes of <see cref="RelaySchemes"/> and the policies of <see cref="RelayPolicies"/>, set up from the section <c>StreamRelay:Auth</c>.
    /// The keys that sign tickets are kept in the folder <c>keys</c> of the data folder.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        // Bound without following changes: the key ring does that, and keeps the previous options when a change is invalid.
        services.AddOptions<AuthOptions>().Configure<IConfiguration>((options, configuration) => configuration.GetSection(AuthOptions.Section).Bind(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthKeysValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthOptions>, AuthAgentsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KeyUses>();
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<StoredKeys>();
        services.TryAddSingleton<TicketSigner>();
        services.TryAddSingleton<StreamCookie>();
        services.TryAddSingleton<ForeignPages>();
        services.TryAddSingleton<BrowserRules>();
        services.TryAddSingleton<CallerLifetime>();
        services.TryAddSingleton<LoopbackScope>();
        services.TryAddSingleton<RequestErrors>();
        services.AddSchemes();
        services.AddPolicies();
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>, CorsSetup>();
        services.AddHostedService(static provider => provider.GetRequiredService<StoredKeys>());
        services.AddHostedService<AccessGuardService>();
        return services;
    }

    /// <summary>Adds the scheme of JSON Web Tokens where the section <c>StreamRelay:Auth:Jwt</c> is set.</summary>
    internal static IServiceCollection AddJwt(this IServiceCollection services, IConfiguration configuration)
    {
        if (!configuration.GetSection(JwtOptions.Section).Exists())
            return services;

        services.AddOptions<JwtOptions>().BindSection(JwtOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>());
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtSetup>();
        new AuthenticationBuilder(services).AddJwtBearer(RelaySchemes.Jwt, static _ => { });
        services.PostConfigure<AuthOptions>(static options => options.Scheme ??= RelaySchemes.Jwt);
        return services;
    }

    private static void AddSchemes(this IServiceCollection services)
    {
        // AddAuthentication would also add the application's data protection, which creates keys on disk at start.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        services.TryAddSingleton<SchemeSelector>();
        services.AddSingleton<IPostConfigureOptions<AuthenticationOptions>, AuthenticationSetup>();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(RelaySchemes.ApiKey, null)
            .AddScheme<AuthenticationSchemeOptions, TicketHandler>(RelaySchemes.Ticket, null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(RelaySchemes.Default, null, static options =>
            {
                options.ForwardDefaultSelector = static context => context.RequestServices.GetRequiredService<SchemeSelector>().Select(context);
                options.ForwardChallenge = RelaySchemes.Default;
                options.ForwardForbid = RelaySchemes.Default;
            });
    }

    private static void AddPolicies(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<IPostConfigureOptions<AuthorizationOptions>, AuthorizationSetup>();
        services.AddSingleton<IAuthorizationHandler, LoopbackHandler>();
        services.AddSingleton<IAuthorizationHandler, CallerHandler>();
    }
}
