using CsCheck;

namespace StreamRelay.Protocols.Requests;

/// <summary>A turn of a generated conversation: what the user sends, the steps in which tools are called, and the answer.</summary>
internal sealed record SampleTurn(string[] Texts, string? Image, SampleStep[] Steps, SampleStep Answer)
{
    private static readonly Gen<string> Text = Pick("x", "ü 😀", "\"quoted\" \\ and\nbroken", "{}", " ");
    private static readonly Gen<string?> TextOrNone = PickOrNone("x", "ü 😀", "a\nb");

    private static readonly Gen<SampleCall> Call = Gen.Select(Pick("f", "get_weather"), Pick("{}", "{\"city\":\"Paris\"}"), Text,
        static (name, arguments, result) => new SampleCall(name, arguments, result));

    private static readonly Gen<SampleStep> Step = Gen.Select(TextOrNone, TextOrNone, Call.Array[1, 3], static (reasoning, text, calls) => new SampleStep(reasoning, text, calls));

    /// <summary>Generates conversations.</summary>
    public static Gen<SampleTurn[]> Conversations { get; } = Gen.Select(
        Text.Array[1, 2], PickOrNone("https://example.com/a.png", "data:image/png;base64,QQ=="), Step.Array[0, 3], TextOrNone, Text,
        static (texts, image, steps, reasoning, answer) => new SampleTurn(texts, image, steps, new(reasoning, answer, []))).Array[1, 3];

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static Gen<string?> PickOrNone(params string[] texts) => Gen.Int[-1, texts.Length - 1].Select(index => index < 0 ? null : texts[index]);
}
