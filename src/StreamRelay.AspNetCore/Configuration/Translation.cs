namespace StreamRelay.AspNetCore.Configuration;

/// <summary>What happens to a request with fields that its agent cannot pass on.</summary>
public enum Translation
{
    /// <summary>It is refused with a 400 that names the fields.</summary>
    Strict,

    /// <summary>The fields are left out, and the header <c>X-StreamRelay-Dropped</c> of the response names them.</summary>
    Lenient,
}
