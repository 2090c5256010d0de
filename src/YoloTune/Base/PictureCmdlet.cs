using System.Management.Automation;
using YoloTune.Drawing;

namespace YoloTune.Commands.Base;

/// <summary>The base of cmdlets that draw pictures to be looked at: into a folder, or into a temporary one that is opened.</summary>
public abstract class PictureCmdlet : YoloCmdlet
{
    /// <summary>A folder to draw to; a temporary one, opened where there is a desktop, when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Replace pictures in the output folder that are there; images that are looked at are never replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Draws, writes the files to the pipeline, and opens them where no folder was given.</summary>
    /// <param name="inputs">Files that are read.</param>
    /// <param name="draw">Draws into the folder, on a thread of its own.</param>
    protected void Draw(IEnumerable<string> inputs, Action<PictureFolder, CommandMessages> draw)
    {
        string path = OutputPath is null
            ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), "YoloTune", Guid.NewGuid().ToString("N")[..8])
            : Paths.OutputFolder(OutputPath);
        PictureFolder folder = new(path, Force);
        folder.AddInputs(inputs);
        if (OutputPath is not null && !ShouldProcess(path, "Draw pictures")) return;
        RunOnWorker(messages => draw(folder, messages));
        foreach (string file in folder.Files) WriteObject(new FileInfo(file));
        if (OutputPath is not null || !Desktop.IsThere) return;
        try
        {
            foreach (string file in folder.Files) Desktop.Open(file);
        }
        catch (IOException error)
        {
            // The files are there and were written to the pipeline.
            WriteWarning(error.Message);
        }
    }
}
