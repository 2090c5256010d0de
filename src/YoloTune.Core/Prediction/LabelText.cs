using System.Globalization;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Prediction;

/// <summary>Writes detections as YOLO label files: one line an object, class and box divided by the image's width or height.</summary>
public static class LabelText
{
    /// <summary>The lines of one image: class, centre x and y, width, height and, when wanted, the confidence; six digits each.</summary>
    public static string Format(ImagePrediction prediction, bool withConfidence = false)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        StringBuilder text = new();
        double width = prediction.ImageWidth, height = prediction.ImageHeight;
        foreach (YoloDetection d in prediction.Detections)
        {
            text.Append(CultureInfo.InvariantCulture, $"{d.ClassId} {(d.X1 + d.X2) / 2 / width:G6} {(d.Y1 + d.Y2) / 2 / height:G6} ");
            text.Append(CultureInfo.InvariantCulture, $"{d.Width / width:G6} {d.Height / height:G6}");
            if (withConfidence) text.Append(CultureInfo.InvariantCulture, $" {d.Confidence:G6}");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>
    /// Writes the lines of one image to a file. Where nothing was found no file is made, but one that is there becomes empty, so that it
    /// does not keep what an earlier run found; the caller has asked whether it may be replaced (<see cref="PredictionFiles"/>).
    /// </summary>
    /// <returns>Whether a file was written.</returns>
    public static bool Write(string path, ImagePrediction prediction, bool withConfidence = false)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return WriteRows(path, Format(prediction, withConfidence));
    }

    /// <summary>Writes rows to a file, as <see cref="Write"/> does.</summary>
    internal static bool WriteRows(string path, string rows)
    {
        if (rows.Length == 0 && !File.Exists(path)) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] bytes = Encoding.UTF8.GetBytes(rows);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return true;
    }
}
