namespace StreamRelay.Client.Fixtures;

/// <summary>One server for the tests of a class, and a client of it.</summary>
public sealed class ClientFixture : IDisposable
{
    public ClientFixture()
    {
        App = new(new() { ["StreamRelay:Agents:remote:Type"] = "push", ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00" });
        Client = new(App.Address, options: FastTime.Options);
    }

    public RelayApp App { get; }

    public StreamRelayClient Client { get; }

    /// <summary>A client whose first answers are lost.</summary>
    public StreamRelayClient Losing(int answers) => new(new HttpClient(new LostAnswers(answers)) { BaseAddress = App.Address }, FastTime.Options);

    public void Dispose()
    {
        Client.Dispose();
        App.Dispose();
    }
}
