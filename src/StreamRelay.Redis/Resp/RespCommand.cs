using System.Globalization;

namespace StreamRelay.Redis.Resp;

/// <summary>A command as it is sent. It holds a copy of its arguments and never changes, so that it can be sent again after a doubt.</summary>
internal sealed class RespCommand
{
    private readonly byte[] _encoded;

    private RespCommand(string name, byte[] encoded)
    {
        Name = name;
        _encoded = encoded;
    }

    public string Name { get; }

    /// <summary>The bytes on the wire.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    public static RespCommand Of(string name, params ReadOnlySpan<RespArgument> arguments)
    {
        RespArgument first = name;
        var length = HeaderLength(arguments.Length + 1) + ArgumentLength(first);
        foreach (ref readonly var argument in arguments)
            length = checked(length + ArgumentLength(argument));

        var encoded = GC.AllocateUninitializedArray<byte>(length);
        var rest = WriteHeader(encoded, (byte)'*', arguments.Length + 1);
        rest = WriteArgument(rest, first);
        foreach (ref readonly var argument in arguments)
            rest = WriteArgument(rest, argument);

        return new(name, encoded);
    }

    /// <summary>Its name only: arguments may be secret.</summary>
    public override string ToString() => Name;

    private static int HeaderLength(int count) => 1 + RespNumber.Length(count) + 2;

    private static int ArgumentLength(in RespArgument argument) => HeaderLength(argument.Length) + argument.Length + 2;

    private static Span<byte> WriteArgument(Span<byte> destination, scoped in RespArgument argument)
    {
        var rest = WriteHeader(destination, (byte)'$', argument.Length);
        argument.CopyTo(rest);
        return WriteEnd(rest[argument.Length..]);
    }

    private static Span<byte> WriteHeader(Span<byte> destination, byte type, int count)
    {
        destination[0] = type;
        count.TryFormat(destination[1..], out var length, provider: CultureInfo.InvariantCulture);
        return WriteEnd(destination[(1 + length)..]);
    }

    private static Span<byte> WriteEnd(Span<byte> destination)
    {
        "\r\n"u8.CopyTo(destination);
        return destination[2..];
    }
}
