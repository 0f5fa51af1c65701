using Microsoft.AspNetCore.Http;

namespace StreamRelay.Protocols.Http;

/// <summary>Ends a request with an answer, from deep within the reading of it.</summary>
/// <param name="result">The answer.</param>
public sealed class ApiException(IResult result) : Exception(result is ApiErrorResult error ? error.Message : "The request was answered with an error.")
{
    /// <summary>The answer.</summary>
    public IResult Result { get; } = result;
}
