namespace StreamRelay.TestSupport.Upstreams;

/// <summary>The API in which an upstream answers.</summary>
public enum UpstreamWire
{
    Chat,
    Responses,
    Messages,
}
