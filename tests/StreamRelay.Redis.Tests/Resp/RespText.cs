using System.Globalization;
using System.Text;

namespace StreamRelay.Redis.Resp;

/// <summary>Values to compare and bytes to read.</summary>
internal static class RespText
{
    /// <summary>Everything that a value says, with its kinds.</summary>
    public static string Show(RespValue value) => value.Kind switch
    {
        RespKind.Null => "Null",
        RespKind.Integer => $"Integer {value.AsLong()}",
        RespKind.Double => $"Double {value.AsDouble().ToString("R", CultureInfo.InvariantCulture)}",
        RespKind.Boolean => $"Boolean {value.AsBoolean()}",
        RespKind.Error => $"Error {value.Refusal().Reply}",
        RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push => $"{value.Kind} [{string.Join(", ", value.Items.Select(Show))}]",
        _ => $"{value.Kind} {Encoding.Latin1.GetString(value.AsBytes().Span)}",
    };

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Reads a text that is one whole value.</summary>
    public static RespValue Read(string text)
    {
        var bytes = Bytes(text);
        Assert.True(new RespReader().TryRead(bytes, out var consumed, out var value));
        Assert.Equal(bytes.Length, consumed);
        return value;
    }
}
