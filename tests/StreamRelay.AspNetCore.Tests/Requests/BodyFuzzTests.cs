using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Endpoints.Keys;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>The bodies of the requests that start no task, changed at random: each is read, or refused with a 400.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class BodyFuzzTests
{
    private const int Usually = 30_000;

    [Fact]
    public void The_end_of_an_operation_is_read_or_refused() => Check(
        ["""{"success":true,"result":{"a":1},"error":null,"task_id":"x"}""", """{"success":false,"error":"It broke."}""", """{"success":true,"result":"text"}"""],
        static json => _ = Completion.Read(json).ResultText);

    [Fact]
    public void A_new_key_is_read_or_refused()
    {
        var agents = new AgentRegistry([]);
        Check(
            ["""{"owner":"carol","scopes":["read","start"],"agents":["echo"],"requests_per_minute":5,"note":"n","expires_at":"2030-01-31T00:00:00Z"}""", """{"owner":"carol"}"""],
            json => NewKey.Read(json, new('0', 64), agents, DateTimeOffset.UnixEpoch));
    }

    private static void Check(IReadOnlyList<string> samples, Action<JsonElement> read) => Fuzz.Json(Usually, samples, input =>
    {
        try
        {
            if (Utf8.IsValid(input) && InvalidUnicode.Find(input) is null && JsonElement.Parse(input, JsonDepth.Document) is { ValueKind: JsonValueKind.Object } json)
                read(json);
        }
        catch (Exception exception) when (exception is RequestException { Status: 400 } or JsonException)
        {
        }
    });
}
