using System.Net;

namespace StreamRelay.Load.Attacks;

/// <summary>What is attacked.</summary>
/// <param name="EndPoint">Where the server listens.</param>
/// <param name="Key">The attacker's key.</param>
internal sealed record Target(IPEndPoint EndPoint, string Key)
{
    public Uri Server { get; } = new($"http://{EndPoint}");

    /// <summary>The tasks that publish as fast as they can.</summary>
    public List<string> Floods { get; } = [];

    /// <summary>A request with the attacker's key, without a body.</summary>
    public string Head(string method, string path, string headers = "") => $"{method} {path} HTTP/1.1\r\nHost: {EndPoint}\r\nAuthorization: Bearer {Key}\r\n{headers}\r\n";

    /// <summary>A request for the stream of one of the floods.</summary>
    public string Stream(int index, string query = "") => Head("GET", $"/v1/tasks/{Floods[index % Floods.Count]}/events{query}");
}
