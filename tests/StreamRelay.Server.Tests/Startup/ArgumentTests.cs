namespace StreamRelay.Server.Startup;

/// <summary>Arguments that mean nothing are refused before anything is started.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("--port 8080", "There is no option --port; did you mean --urls=http://127.0.0.1:8080? --help shows them all.")]
    [InlineData("--Port=8080", "There is no option --Port; did you mean --urls=http://127.0.0.1:8080? --help shows them all.")]
    [InlineData("-p 8080", "There is no option -p; did you mean --urls=http://127.0.0.1:8080? --help shows them all.")]
    [InlineData("--url http://127.0.0.1:1", "There is no option --url; did you mean --urls? --help shows them all.")]
    [InlineData("--DataPath /data", "There is no option --DataPath; did you mean --StreamRelay:DataPath? --help shows them all.")]
    [InlineData("--Model:BaseUrl=http://x/v1", "There is no option --Model:BaseUrl; did you mean --StreamRelay:Model:BaseUrl? --help shows them all.")]
    [InlineData("--StremRelay:DataPath=/data", "There is no option --StremRelay:DataPath; did you mean --StreamRelay:DataPath? --help shows them all.")]
    [InlineData("--verbose", "There is no option --verbose. --help shows them all.")]
    [InlineData("--newkey", "There is no option --newkey; did you mean --new-key? --help shows them all.")]
    [InlineData("start", "There is no command 'start'. --help shows them all.")]
    [InlineData("docter", "There is no command 'docter'; did you mean doctor? --help shows them all.")]
    [InlineData("--urls", "--urls needs a value: --urls=VALUE")]
    [InlineData("--urls --new", "--urls needs a value: --urls=VALUE")]
    public void A_mistake_is_one_line_with_what_was_meant(string arguments, string expected) => Assert.Equal(expected, Arguments.FindFault(arguments.Split(' ')));

    [Theory]
    [InlineData("--urls http://127.0.0.1:7861 --StreamRelay:Model:BaseUrl=http://x/v1?a=b")]
    [InlineData("--URLS=http://127.0.0.1:7861 --ConnectionStrings:Redis x --Serilog:MinimumLevel:Default=Debug")]
    [InlineData("--environment=Development --contentRoot=/ --applicationName=x")]
    public void What_is_read_is_accepted(string arguments) => Assert.Null(Arguments.FindFault(arguments.Split(' ')));
}
