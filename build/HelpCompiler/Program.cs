using System.Text;
using YoloTune.HelpCompiler;

// YoloTune.HelpCompiler <folder of pages> <folder of help>: *-*.md become YoloTune.dll-Help.xml, about_*.md become about_*.help.txt.
if (args is not [var source, var target])
{
    Console.Error.WriteLine("usage: YoloTune.HelpCompiler <folder of pages> <folder of help>");
    return 2;
}
try
{
    Directory.CreateDirectory(target);
    string[] files = [.. Directory.GetFiles(source, "*.md").Order(StringComparer.Ordinal)];
    string[] topics = [.. files.Where(file => Path.GetFileName(file).StartsWith("about_", StringComparison.Ordinal))];
    MamlWriter.Write(files.Except(topics).Select(HelpPage.Load)).Save(Path.Combine(target, "YoloTune.dll-Help.xml"));
    foreach (string topic in topics)
    {
        // Without a byte order mark some versions of PowerShell read the text in the system's own code page.
        File.WriteAllText(Path.Combine(target, Path.GetFileNameWithoutExtension(topic) + ".help.txt"),
            PlainText.Topic(File.ReadAllLines(topic)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
    }
    return 0;
}
catch (HelpFormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
