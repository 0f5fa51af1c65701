using Microsoft.AspNetCore.Http.Metadata;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>The largest request body of an endpoint, which routing applies before anything reads the body.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
