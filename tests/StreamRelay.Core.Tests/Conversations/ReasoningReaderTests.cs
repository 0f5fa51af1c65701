using System.Text.Json;

namespace StreamRelay.Conversations;

public sealed class ReasoningReaderTests
{
    private static readonly ReasoningPart Signed = new("ab", "s") { IsEncrypted = false };

    public static TheoryData<string, ReasoningPart[]> Messages => new()
    {
        { """ "reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.text","text":"b"},{"type":"reasoning.text","signature":"s"}] """, [Signed] },
        { """ "reasoning_content":"ab","reasoning_details":[{"type":"reasoning.text","text":"a","index":0},{"type":"reasoning.text","text":"b","signature":"s","index":0}] """, [Signed] },
        { """ "reasoning_details":[{"type":"reasoning.text","text":"a","signature":null},{"type":"reasoning.text","text":"b"}] """, [new("ab", "") { IsEncrypted = false }] },
        {
            """ "reasoning_content":"abcd","reasoning_details":[{"type":"reasoning.text","text":"ab","signature":"s"},{"type":"reasoning.text","text":"c"},{"type":"reasoning.text","text":"d","signature":"t"}] """,
            [Signed, new("cd", "t") { IsEncrypted = false }]
        },
        { """ "reasoning_details":[{"type":"reasoning.text","text":"a","index":0},{"type":"reasoning.text","text":"b","index":1}] """, [new("a", "") { IsEncrypted = false }, new("b", "") { IsEncrypted = false }] },
        { """ "reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.encrypted","data":"d"},{"type":"reasoning.encrypted","data":"e"}] """, [new("a", "") { IsEncrypted = false }, new("", "d"), new("", "e")] },
        { """ "reasoning_content":"ab","reasoning_details":[{"type":"reasoning.summary","summary":"a","index":0},{"type":"reasoning.summary","summary":"b","index":0}] """, [new("ab")] },
        { """ "reasoning_content":"x\n\nab","reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.text","text":"b","signature":"s"}] """, [new("x"), Signed] },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Pieces_of_reasoning_are_one_part_up_to_their_signature(string fields, ReasoningPart[] expected)
    {
        var message = Assert.Single(ConversationReader.Read(JsonElement.Parse($$"""[{"role":"assistant",{{fields}}}]""")));

        Assert.Equal(expected.Select(Describe), message.Parts.Cast<ReasoningPart>().Select(Describe));
    }

    private static (string, string?, bool) Describe(ReasoningPart part) => (part.Text, part.Signature, part.IsEncrypted);
}
