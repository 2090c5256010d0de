using TorchSharp;
using YoloTune.Data;

namespace YoloTune.Tasks.Classification;

/// <summary>Reads the classes of a batch's images.</summary>
internal static class BatchClasses
{
    /// <summary>The class of each image; null for one of a class that is not looked at.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="images">Its number of images.</param>
    public static int?[] Of(ImageBatch batch, int images)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] index = batch.Targets.ImageIndex.to(torch.int64).cpu().data<long>().ToArray();
        long[] classes = batch.Targets.Classes.reshape(-1).to(torch.int64).cpu().data<long>().ToArray();
        int?[] result = new int?[images];
        for (int i = 0; i < index.Length; i++) result[index[i]] = (int)classes[i];
        return result;
    }
}
