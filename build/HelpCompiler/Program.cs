using System.Text;
using System.Xml.Linq;
using YoloTune.HelpCompiler;

// YoloTune.HelpCompiler <folder of pages> <folder of help> [<web address of the pages>]:
// *-*.md become YoloTune.dll-Help.xml, about_*.md become about_*.help.txt.
// YoloTune.HelpCompiler views <list of views> <format file> <types file>.
if (args is ["views", var list, var formatFile, var typesFile])
{
    try
    {
        XDocument views = ViewFile.Convert(list, File.ReadAllLines(list));
        TypeFile.Convert(views).Save(typesFile);
        views.Save(formatFile);
        return 0;
    }
    catch (HelpFormatException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}
if (args is not [var source, var target, ..] || args.Length > 3)
{
    Console.Error.WriteLine("usage: YoloTune.HelpCompiler <folder of pages> <folder of help> [<web address of the pages>]");
    return 2;
}
try
{
    string? onlineRoot = args.Length == 3 && args[2].Length > 0 ? args[2] : null;
    Directory.CreateDirectory(target);
    string[] files = [.. Directory.GetFiles(source, "*.md").Order(StringComparer.Ordinal)];
    string[] topics = [.. files.Where(file => Path.GetFileName(file).StartsWith("about_", StringComparison.Ordinal))];
    foreach (string topic in topics)
    {
        // Without a byte order mark some versions of PowerShell read the text in the system's own code page.
        File.WriteAllText(Path.Combine(target, Path.GetFileNameWithoutExtension(topic) + ".help.txt"),
            AboutTopic.Format(File.ReadAllLines(topic)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
    }
    // Last, for the build takes its time stamp as that of all of them.
    MamlWriter.Write(files.Except(topics).Select(HelpPage.Load), onlineRoot).Save(Path.Combine(target, "YoloTune.dll-Help.xml"));
    return 0;
}
catch (HelpFormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
