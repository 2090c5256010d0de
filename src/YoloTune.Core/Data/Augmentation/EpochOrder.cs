namespace YoloTune.Data.Augmentation;

/// <summary>The order of images in each epoch, and the images near a position that a mosaic takes its partners from.</summary>
internal sealed class EpochOrder(int count, int window, long seed, IReadOnlyList<int>? fixedOrder)
{
    private readonly Dictionary<int, int[]> orders = [];

    /// <summary>The images of an epoch in order; the same whenever and wherever it is asked for.</summary>
    public int[] Of(int epoch)
    {
        lock (orders)
        {
            if (orders.TryGetValue(epoch, out int[]? order)) return order;
            // Only an epoch and the one before it are ever looked at together.
            foreach (int old in orders.Keys.Where(known => Math.Abs(known - epoch) > 1).ToArray()) orders.Remove(old);
            order = fixedOrder is null ? new RandomStream(seed, "order", epoch).Permutation(count) : [.. fixedOrder];
            orders.Add(epoch, order);
            return order;
        }
    }

    /// <summary>One of the images last come by, the one at the position included, the end of the epoch before if need be.</summary>
    public int Recent(RandomStream stream, int epoch, int position)
    {
        int earlier = position - stream.Next(window);
        return earlier >= 0 ? Of(epoch)[earlier] : Of(epoch - 1)[count + earlier];
    }
}
