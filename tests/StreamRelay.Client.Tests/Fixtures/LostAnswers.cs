namespace StreamRelay.Client.Fixtures;

/// <summary>A network that loses the answers to the first requests: the server has done what they ask for.</summary>
/// <param name="count">How many answers are lost.</param>
/// <param name="onLost">Is called for each of them.</param>
internal sealed class LostAnswers(int count, Action? onLost = null) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _left = count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (_left == 0)
            return answer;

        _left--;
        answer.Dispose();
        onLost?.Invoke();
        throw new HttpRequestException("The answer was lost.");
    }
}
