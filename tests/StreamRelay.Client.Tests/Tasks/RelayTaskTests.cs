using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.Tasks;

namespace StreamRelay.Client.Tasks;

/// <summary>The client has all that the server sends.</summary>
public sealed class RelayTaskTests
{
    [Theory]
    [InlineData(typeof(TaskView), typeof(RelayTask))]
    [InlineData(typeof(UsageView), typeof(RelayUsage))]
    [InlineData(typeof(TaskFile), typeof(RelayFile))]
    public void No_field_of_the_server_is_missing(Type sent, Type received) =>
        Assert.Empty(sent.GetProperties().Select(field => field.Name).Except(["Kind"]).Except(received.GetProperties().Select(field => field.Name)));
}
