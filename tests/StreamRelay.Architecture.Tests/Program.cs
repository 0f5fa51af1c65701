using StreamRelay.Architecture.Figures;
using StreamRelay.Architecture.Sources;

if (args is not ["figures", ..])
{
    Console.Error.WriteLine("Usage: dotnet run --project tests/StreamRelay.Architecture.Tests -- figures [folder of a checkout]...");
    return 1;
}

var folders = args.Length > 1 ? args[1..] : [Repository.Root];
Console.Write(FigureTable.Format([.. folders.Select(folder => (folder, CodeFigures.Measure(SourceTree.Load(folder))))]));
return 0;
