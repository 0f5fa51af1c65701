using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server;

/// <summary>What the program answers without starting the server.</summary>
internal static class CommandLine
{
    private const string Help = """
        StreamRelay: run an agent once, let any number of clients read it, drop, come back and lose nothing.

        Usage: dotnet run --project src/StreamRelay.Server [-- OPTIONS]

          --help                        show this
          --new-key                     make an API key and the hash to configure for it
          --urls URL                    listen there (default http://127.0.0.1:7860)
          --StreamRelay:KEY=VALUE       set any option; as an environment variable: StreamRelay__KEY=VALUE

        Options used most:
          StreamRelay:DataPath                  where tasks and files are kept (default ~/.local/share/streamrelay)
          StreamRelay:Model:BaseUrl             an OpenAI-compatible server, such as http://localhost:11434/v1
          StreamRelay:Model:ApiKey, :Model      its key and the model to ask (OPENAI_BASE_URL and OPENAI_API_KEY work too)
          StreamRelay:Agents:NAME:Type          one more agent: upstream (a model behind another server: BaseUrl, Model, ApiKey),
                                                process (a program: Command, Arguments:0), push (it runs elsewhere and pushes its events)
          StreamRelay:Storage:Durability        Process (default) or Disk
          StreamRelay:Storage:RetentionAge      how long ended tasks are kept (default 1.00:00:00, a day)
          StreamRelay:Webhooks:Endpoints:0:Url, :Secret   is told when a task ends
          ConnectionStrings:Redis, :Postgres    both: several servers share their tasks, and none is missed when it dies
          StreamRelay:Auth:Keys:0:Owner, :Hash  one API key; needed to listen on more than this machine

        Try it:
          curl -N http://127.0.0.1:7860/v1/chat/completions -d '{"model":"write_tutorial","stream":true,"messages":[{"role":"user","content":"MySQL"}]}'
        """;

    /// <summary>Answers <c>--help</c> and <c>--new-key</c>.</summary>
    /// <returns><see langword="false"/> when the server is to start.</returns>
    public static bool TryAnswer(string[] args, TextWriter output)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            output.WriteLine(Help);
            return true;
        }

        if (!args.Contains("--new-key"))
            return false;

        var (key, hash) = ApiKey.Create();
        output.WriteLine($"Key (give it to the client, it is not kept):  {key}");
        output.WriteLine($"Hash (configure it):                          {hash}");
        output.WriteLine($"For example: --StreamRelay:Auth:Keys:0:Name=first --StreamRelay:Auth:Keys:0:Owner=me --StreamRelay:Auth:Keys:0:Hash={hash}");
        return true;
    }
}
