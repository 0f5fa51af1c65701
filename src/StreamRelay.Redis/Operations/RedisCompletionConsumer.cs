using Microsoft.Extensions.Logging;
using StreamRelay.Redis.Resp;

namespace StreamRelay.Redis;

/// <summary>Reads completion messages for ever: those that were too long in somebody's hands, and new ones. Each is acknowledged only once it is
/// applied or a dead letter, so it may be delivered again, and none is lost.</summary>
public sealed partial class RedisCompletionConsumer : IAsyncDisposable
{
    private static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(5);

    private readonly OperationOptions _options;
    private readonly RespConnection _blocking;
    private readonly CompletionStream _stream;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string _cursor = CompletionPage.Beginning;
    private bool _hasGroup;
    private long _trimmedAt;
    private string? _lost;
    private string? _away;
    private long _awayAt;

    internal RedisCompletionConsumer(RespConnection connection, RespConnection blocking, OperationOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _blocking = blocking;
        _stream = new(connection, blocking, options);
        _time = time;
        _logger = logger;
        _trimmedAt = time.GetTimestamp();
    }

    /// <summary>What keeps it from reading, or from applying what it reads; <see langword="null"/> when nothing does.</summary>
    public string? Failure => Volatile.Read(ref _lost) ?? Volatile.Read(ref _away);

    /// <summary>Makes the consumer group, and fails instead of trying again.</summary>
    /// <exception cref="IOException">It cannot be made; the message says the way out.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _blocking.ConnectAsync(cancellationToken);
            await _stream.MakeGroupAsync(cancellationToken);
            _hasGroup = true;
        }
        catch (IOException exception)
        {
            throw new IOException($"Completion messages cannot be read from stream '{_options.Stream}': {exception.Message} Check {OperationOptions.Section}:Stream.", exception);
        }
    }

    /// <summary>Reads until it is told to stop; what is in hand then is finished first.</summary>
    /// <param name="handle">Applies a message. It may be called for several at once, and again for one that it has applied.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(Func<CompletionMessage, ValueTask<CompletionVerdict>> handle, CancellationToken cancellationToken)
    {
        for (var failed = 0; !cancellationToken.IsCancellationRequested;)
        {
            failed = await TryTurnAsync(handle, cancellationToken) ? 0 : failed + 1;
            if (failed > 0)
                await Task.Delay(RespBackOff.Delay(failed - 1), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes the connection that it waits on.</summary>
    public ValueTask DisposeAsync() => _blocking.DisposeAsync();

    private async Task<bool> TryTurnAsync(Func<CompletionMessage, ValueTask<CompletionVerdict>> handle, CancellationToken cancellationToken)
    {
        try
        {
            await TakeTurnAsync(handle, cancellationToken);
            Note(ref _lost, null);
            return _away is null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            // The group may be what is missing.
            _hasGroup = false;
            Note(ref _lost, exception.Message, exception is IOException ? null : exception);
            return false;
        }
    }

    private async Task TakeTurnAsync(Func<CompletionMessage, ValueTask<CompletionVerdict>> handle, CancellationToken cancellationToken)
    {
        if (!_hasGroup)
            await _stream.MakeGroupAsync(cancellationToken);

        _hasGroup = true;
        var stale = await _stream.ClaimAsync(_cursor, cancellationToken);
        _cursor = stale.Cursor;

        // One page of each in turn, so that neither many old messages nor many new ones hold up the others. What is in hand is not abandoned to wait.
        var fresh = stale is { IsLast: true, Messages.Count: 0 }
            ? await _stream.ReadAsync(wait: true, cancellationToken)
            : await _stream.ReadAsync(wait: false, CancellationToken.None);
        await HandleAsync([.. stale.Messages, .. fresh], handle);
        await TrimAsync();
    }

    private async Task HandleAsync(CompletionMessage[] messages, Func<CompletionMessage, ValueTask<CompletionVerdict>> handle)
    {
        var verdicts = await Task.WhenAll(messages.Select(message => HandleAsync(message, handle)));
        if (verdicts.Length > 0)
        {
            _awayAt = _time.GetTimestamp();
            Note(ref _away, Array.Find(verdicts, static verdict => verdict.Fate == CompletionFate.Away).Reason);
        }
        else if (_away is not null && _time.GetElapsedTime(_awayAt) > 2 * _options.ClaimMinIdle)
        {
            // What was given back would be here again: another consumer could handle it.
            Note(ref _away, null);
        }
    }

    private async Task<CompletionVerdict> HandleAsync(CompletionMessage message, Func<CompletionMessage, ValueTask<CompletionVerdict>> handle)
    {
        var verdict = await JudgeAsync(message, handle);
        if (verdict.Fate == CompletionFate.Later && message.Deliveries >= _options.MaxDeliveries)
            verdict = CompletionVerdict.Refused($"After {message.Deliveries} deliveries: {verdict.Reason}");

        switch (verdict.Fate)
        {
            case CompletionFate.Done:
                await _stream.AcknowledgeAsync(message, CancellationToken.None);
                break;
            case CompletionFate.Refused:
                await _stream.BuryAsync(message, verdict.Reason, CancellationToken.None);
                Buried(message.Id, _options.DeadLetter!, verdict.Reason);
                break;
            case CompletionFate.Away:
                await _stream.UncountAsync(message, CancellationToken.None);
                break;
            default:
                Postponed(message.Id, message.Deliveries, verdict.Reason);
                break;
        }

        return verdict;
    }

    private async ValueTask<CompletionVerdict> JudgeAsync(CompletionMessage message, Func<CompletionMessage, ValueTask<CompletionVerdict>> handle)
    {
        // Whoever had it each time ended over it, and so might this process.
        if (message.Deliveries > _options.MaxDeliveries)
            return CompletionVerdict.Refused($"It was delivered {message.Deliveries - 1} times, and nobody finished it.");

        try
        {
            return await handle(message);
        }
        catch (Exception exception)
        {
            NotHandled(message.Id, exception);
            return CompletionVerdict.Later(exception.Message);
        }
    }

    private async Task TrimAsync()
    {
        if (_time.GetElapsedTime(_trimmedAt) < TrimPeriod)
            return;

        _trimmedAt = _time.GetTimestamp();
        await _stream.TrimAsync(CancellationToken.None);
    }

    private void Note(ref string? failure, string? reason, Exception? unexpected = null)
    {
        if (reason == failure)
            return;

        failure = reason;
        if (reason is null)
            Recovered(_options.Stream!);
        else
            Failed(_options.Stream!, reason, unexpected);
    }

    [LoggerMessage(1, LogLevel.Warning, "Completion messages of {Stream} cannot be handled, which is tried again until they can: {Reason}")]
    private partial void Failed(string stream, string reason, Exception? unexpected);

    [LoggerMessage(2, LogLevel.Information, "Completion messages of {Stream} are handled again")]
    private partial void Recovered(string stream);

    [LoggerMessage(3, LogLevel.Warning, "Completion message {Id} went to the dead letters, {DeadLetter}: {Reason}")]
    private partial void Buried(string id, string deadLetter, string reason);

    [LoggerMessage(4, LogLevel.Debug, "Completion message {Id} is tried again later, after {Deliveries} deliveries: {Reason}")]
    private partial void Postponed(string id, long deliveries, string reason);

    [LoggerMessage(5, LogLevel.Error, "Completion message {Id} could not be handled")]
    private partial void NotHandled(string id, Exception exception);
}
