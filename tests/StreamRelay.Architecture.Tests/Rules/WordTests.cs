using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Names are those of the field, not of this project alone.</summary>
public sealed partial class WordTests
{
    /// <summary>Parts of identifiers that were replaced, and what replaced them.</summary>
    private static readonly Dictionary<string, string> Words = new()
    {
        ["Bell"] = "Signal",
        ["Doorbell"] = "Signal",
        ["Said"] = "Event, Published",
        ["Speak"] = "Publish",
        ["Spoken"] = "Text",
        ["Speech"] = "Output",
        ["Hear"] = "OnAppended",
        ["Heard"] = "Received",
        ["Tell"] = "Announce",
        ["Told"] = "Announced",
        ["Fleet"] = "Cluster",
        ["Calm"] = "OutageGuard",
        ["Straggle"] = "RecoveryGrace",
        ["Straggler"] = "RecoveryGrace",
        ["Fate"] = "Outcome",
        ["Verdict"] = "Outcome",
        ["Bury"] = "DeadLetter",
        ["Buried"] = "DeadLetter",
        ["Judge"] = "Classify",
        ["Courier"] = "Dispatcher",
        ["Mailbox"] = "Queue",
        ["Settler"] = "Compactor",
        ["Bookmark"] = "IndexEntry",
        ["Nudge"] = "RequestTrim",
        ["Essence"] = "Fingerprint",
        ["Obey"] = "Execute",
        ["Badly"] = "Abort",
    };

    /// <summary>Whole identifiers that were replaced, and what replaced them.</summary>
    private static readonly Dictionary<string, string> Identifiers = new()
    {
        ["StreamPosition"] = "ResumePoint",
        ["StreamPlace"] = "ResumePoint",
        ["FrameMark"] = "FrameId",
        ["EventVector"] = "MultiplexEventId",
        ["IsOutside"] = "IsExternal",
        ["TaskTakeover"] = "TaskRecovery",
        ["TaskWatch"] = "RemoteTasks",
        ["TaskOpener"] = "StreamOpener",
        ["AbsentReaders"] = "StaleReaderDetector",
        ["Gone"] = "RunnerExited",
        ["StreamHeads"] = "LogHeads",
        ["FindLoss"] = "FindTruncation",
        ["SessionTurns"] = "ConversationGate",
        ["RunKey"] = "ProtocolKey",
        ["BodyHash"] = "RequestFingerprint",
        ["StreamCut"] = "IncompleteResponse",
        ["ResumesByItself"] = "AutoReconnects",
        ["StreamRotation"] = "ConnectionAgeLimit",
        ["CallerLease"] = "CallerValidity",
        ["SettledFile"] = "SealedSegment",
        ["BrokenText"] = "InvalidUnicode",
        ["LogUrl"] = "UrlRedaction",
        ["RequestPipeline"] = "RequestLogging",
    };

    [Fact]
    public void No_name_in_src_has_a_word_that_was_replaced()
    {
        var violations = Repository.Source.Files.SelectMany(file => DeclaredNames(file)
            .SelectMany(name => Parts().Matches(name).Select(part => Capitalized(part.Value)).Where(Words.ContainsKey).Select(part => $"{file}: {name} → {Words[part]}")));
        Rule.Holds(violations.Distinct(), "Use the word that the documentation of .NET or of the protocol uses (after the arrow: what this project chose for it):");
    }

    [Fact]
    public void A_place_of_a_run_is_a_slot()
    {
        string[] folders = ["Runs", "Cluster"];
        var violations = Repository.Source.Files.Where(file => file.Project == "StreamRelay.Core" && folders.Contains(file.Folder)).SelectMany(file => DeclaredNames(file)
            .Where(name => Parts().Matches(name).Any(part => Capitalized(part.Value) is "Place" or "Places")).Select(name => $"{file}: {name}"));
        Rule.Holds(violations, "A run takes a slot. Rename:");
    }

    [Fact]
    public void No_name_in_src_is_one_that_was_replaced()
    {
        var violations = Repository.Source.Files.SelectMany(file => DeclaredNames(file).Where(Identifiers.ContainsKey).Select(name => $"{file}: {name} → {Identifiers[name]}"));
        Rule.Holds(violations.Distinct(), "Use the name after the arrow:");
    }

    [Fact]
    public void Settings_classes_end_in_Options()
    {
        var violations = Repository.Source.Files.SelectMany(file => file.Types.Where(type => type.Name.EndsWith("Settings", StringComparison.Ordinal)).Select(type => $"{file}: {type.Name}"));
        Rule.Holds(violations, "Rename the class: Options is the one word for what a user configures:");
    }

    [Fact]
    public void No_comment_in_src_has_a_word_that_was_replaced()
    {
        var violations = Repository.Source.Files.SelectMany(file => file.Root.DescendantTrivia().Where(IsComment)
            .SelectMany(comment => CommentWords().Matches(comment.ToFullString()).Select(word => $"{file}: {word.Value}")));
        Rule.Holds(violations, "Say it in the words of the code (publish, append, notify, slot, cluster):");
    }

    private static IEnumerable<string> DeclaredNames(SourceFile file) => file.Root.DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && !token.Parent!.IsKind(SyntaxKind.IdentifierName) && !token.Parent!.IsKind(SyntaxKind.GenericName))
        .Select(token => token.ValueText).Distinct();

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex("[A-Z]?[a-z]+")]
    private static partial Regex Parts();

    [GeneratedRegex(@"\b(fleets?|(door)?bells?|speaks?|speech|hears?|heard|couriers?|mailbox|nudges?|bookmarks?|bury|buried|said)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CommentWords();
}
