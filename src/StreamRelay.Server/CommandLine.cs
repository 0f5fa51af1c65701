using StreamRelay.AspNetCore.Access;
using StreamRelay.Server.Startup;

namespace StreamRelay.Server;

/// <summary>The options that print something instead of starting the server.</summary>
internal static class CommandLine
{
    private const string Help = """
        StreamRelay: run an agent once; any number of clients read it, disconnect, resume and lose nothing.

        Usage: dotnet run --project src/StreamRelay.Server [-- OPTIONS]

          --help                        show this
          doctor [--data FOLDER]        check a data folder for damage while no server uses it; nothing is changed
          keys new|list|rotate|revoke   make, list, replace and revoke the API keys of a running server; keys --help shows how
          --new-key                     make an API key and the hash to configure for it
          --urls URL                    listen there (default http://127.0.0.1:7860)
          --StreamRelay:KEY=VALUE       set any option; as an environment variable: StreamRelay__KEY=VALUE

        Options used most:
          StreamRelay:DataPath                  where tasks and files are kept (default ~/.local/share/streamrelay)
          StreamRelay:Model:BaseUrl             an OpenAI-compatible server, such as http://localhost:11434/v1
          StreamRelay:Model:ApiKey, :Model      its key and the model to ask (OPENAI_BASE_URL and OPENAI_API_KEY work too)
          StreamRelay:Agents:NAME:Type          one more agent: upstream (a model behind another server: BaseUrl, Model, ApiKey),
                                                process (a program: Command, Arguments:0), push (it runs elsewhere and publishes its events)
          StreamRelay:Storage:Durability        Process (default) or Disk
          StreamRelay:Storage:RetentionAge      how long ended tasks are kept (default 1.00:00:00, a day)
          StreamRelay:Webhooks:Endpoints:0:Url, :Secret   receives a message when a task ends
          ConnectionStrings:Redis, :Postgres    both: several servers form a cluster and share their tasks
          StreamRelay:Auth:Keys:0:Owner, :Hash  one API key; needed to listen on more than this machine

        Try it:
          curl -N http://127.0.0.1:7860/v1/chat/completions -d '{"model":"write_tutorial","stream":true,"messages":[{"role":"user","content":"MySQL"}]}'
        """;

    /// <summary>Executes <c>--help</c>, <c>--new-key</c>, <c>keys</c> and <c>doctor</c>. The exit code of <c>keys</c> and <c>doctor</c> becomes that of the process.</summary>
    /// <returns><see langword="false"/> when the arguments contain none of them, and the server is to start. Arguments that mean nothing are refused.</returns>
    public static bool TryExecute(string[] args, TextWriter output)
    {
        if (args is ["keys", .. var keys])
        {
            Environment.ExitCode = KeysCommand.RunAsync(keys, output).GetAwaiter().GetResult();
            return true;
        }

        if (args is ["help", ..] || args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            output.WriteLine(Help);
            return true;
        }

        if (args is ["doctor", .. var rest])
        {
            Environment.ExitCode = Doctor.Run(rest, output);
            return true;
        }

        if (!args.Contains("--new-key"))
            return Refuse(args, output);

        var (key, hash) = ApiKey.Create();
        output.WriteLine($"Key (for the client; it is not stored):       {key}");
        output.WriteLine($"Hash (for the configuration):                 {hash}");
        output.WriteLine($"For example: --StreamRelay:Auth:Keys:0:Name=first --StreamRelay:Auth:Keys:0:Owner=me --StreamRelay:Auth:Keys:0:Hash={hash}");
        return true;
    }

    private static bool Refuse(string[] args, TextWriter output)
    {
        if (Arguments.FindFault(args) is not { } fault)
            return false;

        output.WriteLine(fault);
        Environment.ExitCode = 1;
        return true;
    }
}
