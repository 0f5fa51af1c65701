namespace StreamRelay.Server.Fixtures;

/// <summary>One server for the tests of a class.</summary>
public sealed class AppFixture : IDisposable
{
    public RelayApp App { get; } = new();

    public void Dispose() => App.Dispose();
}
