using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Mapping;

/// <summary>Endpoints of StreamRelay in an application or a group of it. The routes in it learn the prefix that the application has mapped them under,
/// which a group alone does not pass on.</summary>
internal sealed class RelayEndpoints(IEndpointRouteBuilder application, RelayConventions conventions) : EndpointDataSource, IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => application.ServiceProvider;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public override IReadOnlyList<Endpoint> Endpoints => GetGroupedEndpoints(new()
    {
        Prefix = RoutePatternFactory.Parse(""),
        Conventions = [],
        FinallyConventions = [],
        ApplicationServices = ServiceProvider,
    });

    public IApplicationBuilder CreateApplicationBuilder() => application.CreateApplicationBuilder();

    public override IReadOnlyList<Endpoint> GetGroupedEndpoints(RouteGroupContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var prefix = context.Prefix.PathSegments.Count;
        var inner = new RouteGroupContext
        {
            Prefix = context.Prefix,
            Conventions = context.Conventions,
            FinallyConventions = [endpoint => conventions.Complete(endpoint, prefix), .. context.FinallyConventions],
            ApplicationServices = context.ApplicationServices,
        };
        return [.. DataSources.SelectMany(source => source.GetGroupedEndpoints(inner))];
    }

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
}
