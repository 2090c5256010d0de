namespace YoloTune.Data.Batches;

/// <summary>
/// Sorts images by aspect. Most images of a dataset share a few aspects, and which of them end up in one batch decides how much they are
/// padded; on coco128 that alone moves the mean precision by 0.017. So that figures can be compared, equal aspects come out in the order
/// the reference's sort leaves them in: quicksort with the median of three, insertion sort for short parts, the shorter part first
/// (R. Sedgewick, Implementing Quicksort Programs, 1978).
/// </summary>
internal static class AspectOrder
{
    private const int ShortPart = 16;

    /// <summary>The indices of the aspects in ascending order.</summary>
    public static int[] Of(IReadOnlyList<double> aspects)
    {
        int[] order = [.. Enumerable.Range(0, aspects.Count)];
        // A median of three can be led astray by an adversary; then any order of equals is as good as another.
        int partitions = 2 * (int)Math.Log2(Math.Max(1, order.Length)) * Math.Max(1, order.Length);
        Stack<(int First, int Last)> parts = new([(0, order.Length - 1)]);
        while (parts.TryPop(out (int First, int Last) part))
        {
            (int first, int last) = part;
            while (last - first > ShortPart)
            {
                partitions -= last - first;
                if (partitions < 0) return [.. Enumerable.Range(0, aspects.Count).OrderBy(i => aspects[i])];
                int pivot = Partition(aspects, order, first, last);
                if (pivot - first < last - pivot)
                {
                    parts.Push((pivot + 1, last));
                    last = pivot - 1;
                }
                else
                {
                    parts.Push((first, pivot - 1));
                    first = pivot + 1;
                }
            }
            Insert(aspects, order, first, last);
        }
        return order;
    }

    private static int Partition(IReadOnlyList<double> aspects, int[] order, int first, int last)
    {
        int middle = first + ((last - first) / 2);
        OrderPair(aspects, order, first, middle);
        OrderPair(aspects, order, middle, last);
        OrderPair(aspects, order, first, middle);
        double pivot = aspects[order[middle]];
        int low = first, high = last - 1;
        Swap(order, middle, high);
        while (true)
        {
            do low++; while (aspects[order[low]] < pivot);
            do high--; while (pivot < aspects[order[high]]);
            if (low >= high) break;
            Swap(order, low, high);
        }
        Swap(order, low, last - 1);
        return low;
    }

    private static void Insert(IReadOnlyList<double> aspects, int[] order, int first, int last)
    {
        for (int i = first + 1; i <= last; i++)
        {
            int moving = order[i], at = i;
            for (; at > first && aspects[moving] < aspects[order[at - 1]]; at--) order[at] = order[at - 1];
            order[at] = moving;
        }
    }

    private static void OrderPair(IReadOnlyList<double> aspects, int[] order, int lower, int upper)
    {
        if (aspects[order[upper]] < aspects[order[lower]]) Swap(order, lower, upper);
    }

    private static void Swap(int[] order, int a, int b) => (order[a], order[b]) = (order[b], order[a]);
}
