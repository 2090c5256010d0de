using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>The order of images in each epoch, and the images near a position that a mosaic takes its partners from.</summary>
internal sealed class EpochOrder(int count, int window, long seed, IReadOnlyList<int>? fixedOrder, ReplayOptions? replay = null)
{
    // The images of the dataset proper come first, those that are replayed behind them.
    private readonly int own = count - (replay?.PerEpoch ?? 0);
    private readonly Dictionary<int, int[]> orders = [];
    private readonly Dictionary<long, int[]> rounds = [];

    /// <summary>The images of an epoch in order; the same whenever and wherever it is asked for.</summary>
    public int[] Of(int epoch)
    {
        lock (orders)
        {
            if (orders.TryGetValue(epoch, out int[]? order)) return order;
            // Only an epoch and the one before it are ever looked at together.
            foreach (int old in orders.Keys.Where(known => Math.Abs(known - epoch) > 1).ToArray()) orders.Remove(old);
            order = fixedOrder is null ? Shuffled(epoch) : [.. fixedOrder];
            orders.Add(epoch, order);
            return order;
        }
    }

    private int[] Shuffled(int epoch)
    {
        int[] places = new RandomStream(seed, "order", epoch).Permutation(count);
        return replay is null ? places : [.. places.Select(place => place < own ? place : own + Replayed(epoch, place - own))];
    }

    // One long shuffle of the replayed images after the other, cut into epochs: all come up equally often.
    private int Replayed(int epoch, int place)
    {
        long at = ((long)epoch * replay!.PerEpoch) + place;
        long round = Math.DivRem(at, replay.Count, out long within);
        if (within < 0) (round, within) = (round - 1, within + replay.Count);
        lock (rounds)
        {
            if (!rounds.TryGetValue(round, out int[]? order))
            {
                if (rounds.Count > 8) rounds.Clear();
                rounds.Add(round, order = new RandomStream(seed, "replay", round).Permutation(replay.Count));
            }
            return order[within];
        }
    }

    /// <summary>One of the images last come by, the one at the position included, the end of the epoch before if need be.</summary>
    public int Recent(RandomStream stream, int epoch, int position)
    {
        int earlier = position - stream.Next(window);
        return earlier >= 0 ? Of(epoch)[earlier] : Of(epoch - 1)[count + earlier];
    }
}
