using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A webhook as it arrived.</summary>
internal sealed record ReceivedWebhook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public string Task => Json.GetProperty("data").GetProperty("id").GetString()!;

    /// <summary>Checks the signature as a receiver would, with nothing but the specification at hand.</summary>
    public bool IsSignedWith(byte[] key)
    {
        var signed = Encoding.UTF8.GetBytes(Headers["webhook-id"] + "." + Headers["webhook-timestamp"] + "." + Encoding.UTF8.GetString(Body));
        return Headers["webhook-signature"] == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
