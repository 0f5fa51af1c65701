using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Requests;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Queries, changed at random: each parameter is read, or refused with a 400 that names it.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class QueryFuzzTests
{
    private static readonly string[] Samples =
    [
        "?after=17.1&limit=100&protocol=native&named=1&snapshot=true", "?state=running&limit=10&before=01a1fc3490c470f698d90bf3e1de5334&agent=echo&session_id=s",
        "?older_than=7d", "?older_than=90s&older_than=15m", "?task=01a1fc3490c470f698d90bf3e1de5334:5&task=01a1fc3490c470f698d90bf3e1de5335:7.1&task=x", "?lastEventId=3&starting_after=2", "?wait=60",
    ];

    private static readonly Action<HttpRequest>[] Readers =
    [
        request => request.Query.Number("limit", 100, 1000), request => request.Query.Number("wait", 1, 3600), request => request.Query.State("state"),
        request => request.Query.Id("before"), request => request.Query.Age("older_than"), request => MultiplexQuery.Read(request.Query),
        request => ResumeQuery.Read(request, "after"), request => ResumeQuery.Read(request, parameter: null),
    ];

    [Fact]
    public void A_query_is_read_or_refused() => Fuzz.Text(40_000, Samples, text =>
    {
        var request = new DefaultHttpContext().Request;
        request.Query = new QueryCollection(QueryHelpers.ParseQuery(text));
        request.Headers["Last-Event-ID"] = text.Length % 2 == 0 ? text : "";
        foreach (var read in Readers)
        {
            try
            {
                read(request);
            }
            catch (RequestException refusal)
            {
                Assert.Equal(400, refusal.Status);
                Assert.NotNull(refusal.Error.Param);
            }
        }
    });
}
