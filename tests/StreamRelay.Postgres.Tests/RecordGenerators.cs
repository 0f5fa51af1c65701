using CsCheck;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Generates task records with every field set to any value that the type allows, invalid Unicode and NUL included.</summary>
internal static class RecordGenerators
{
    private const int LongText = 20_000;

    public static readonly Gen<byte[]> Bytes = Gen.Frequency((3, Gen.Byte.Array[0, 10]), (1, Gen.Byte.Array[0, LongText]));

    private static readonly Gen<long> Number = Gen.Long[0, long.MaxValue - 1];

    private static readonly Gen<string> Piece = Gen.OneOf("a", "ü", "👋", "\uFFFD", "\n", "\"", "\\", "'", "\u2028", "\u0001", " ", "%", "\0", "\uD83D", "\uDC4B");

    private static readonly Gen<string> Name = Piece.Array[1, 10].Select(string.Concat);

    private static readonly Gen<string> Text = Gen.Frequency((7, Piece.Array[0, 10]), (1, Piece.Array[0, LongText])).Select(string.Concat);

    private static readonly Gen<string?> OptionalText = Gen.Frequency((2, Gen.Const((string?)null)), (1, Text.Select(text => (string?)text)));

    private static readonly Gen<DateTimeOffset> Time = Gen.Select(Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000], Gen.Int[-5, 5],
        (ticks, hours) => SampleEntries.Start.AddTicks(ticks).ToOffset(TimeSpan.FromHours(hours)));

    private static readonly Gen<DateTimeOffset?> OptionalTime = Gen.Frequency((1, Gen.Const((DateTimeOffset?)null)), (1, Time.Select(time => (DateTimeOffset?)time)));

    private static readonly Gen<TaskUsage?> Usage = Gen.Frequency(
        (1, Gen.Const((TaskUsage?)null)), (1, Gen.Select(Number, Gen.Int.NonNegative, Gen.Bool, (prompt, completion, estimated) => (TaskUsage?)new TaskUsage(prompt, completion, estimated))));

    private static readonly Gen<TaskError?> Error = Gen.Frequency(
        (1, Gen.Const((TaskError?)null)), (1, Gen.Select(Text, Text, (code, message) => (TaskError?)new TaskError(code, message))));

    private static readonly Gen<StoredFile[]> Files = Gen.Select(Number, Time).Array[0, 2].Select(
        files => files.Select((file, number) => new StoredFile($"ü{number}.md", "text/plain", file.Item1, "00ff", file.Item2)).ToArray());

    /// <summary>Generates requests that all have the same id: a test that stores one gives it an id of its own.</summary>
    private static readonly Gen<TaskRequest> Request =
        from names in Gen.Select(Name, Name, Text)
        from texts in Gen.Select(OptionalText, OptionalText, OptionalText, OptionalText, OptionalText)
        from rest in Gen.Select(Time, Gen.Bool, Bytes, Bytes)
        select new TaskRequest
        {
            Id = default,
            Agent = names.Item1,
            Owner = names.Item2,
            IdempotencyKey = names.Item3,
            SessionId = texts.Item1,
            OperationId = texts.Item2,
            ToolCallId = texts.Item3,
            RequestFingerprint = texts.Item4,
            Title = texts.Item5,
            CreatedAt = rest.Item1,
            Ephemeral = rest.Item2,
            Metadata = rest.Item3,
            Protocol = rest.Item4,
        };

    public static readonly Gen<TaskRecord> Record =
        from request in Request
        from numbers in Gen.Select(Number, Gen.Int.NonNegative, Number, Number)
        from state in Gen.Select(Gen.Enum<TaskState>(), Gen.Bool, OptionalTime, OptionalTime)
        from outcome in Gen.Select(Usage, OptionalText, Error, Files)
        select new TaskRecord
        {
            Request = request,
            Epoch = numbers.Item1,
            Version = numbers.Item2,
            LastOffset = numbers.Item3,
            Bytes = numbers.Item4,
            State = state.Item1,
            StopRequested = state.Item2,
            StartedAt = state.Item3,
            EndedAt = state.Item4,
            Usage = outcome.Item1,
            Result = outcome.Item2,
            Error = outcome.Item3,
            Files = outcome.Item4,
        };
}
