using YoloTune.Evaluation;

namespace YoloTune.DatasetTools.Sheets;

/// <summary>Puts images into the order in which they are shown, each with the object that it is shown for.</summary>
internal static class SheetOrder
{
    /// <summary>The first images in an order.</summary>
    /// <param name="images">The images.</param>
    /// <param name="sort">The order; suspect images come in their order already.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="classId">Only objects of this class count; null for all.</param>
    /// <param name="instances">Labels of each class in the whole dataset.</param>
    public static IReadOnlyList<SheetImage> First(
        IReadOnlyList<SheetImage> images, DatasetSort sort, int count, int? classId, IReadOnlyDictionary<int, int> instances)
    {
        bool Counts(ImageObject item) => classId is null || item.ClassId == classId;
        SheetImage[] wanted = [.. images.Where(image => classId is null || image.Objects.Any(Counts))];
        return sort switch
        {
            DatasetSort.Suspect => [.. wanted.Take(count)],
            DatasetSort.Crowded => [.. wanted.OrderByDescending(image => image.Objects.Count(Counts)).Take(count)],
            DatasetSort.Smallest => [.. Focused((image, item) => image.Share(item))],
            DatasetSort.Largest => [.. Focused((image, item) => -image.Share(item))],
            DatasetSort.Rare => [.. Focused((_, item) => instances.GetValueOrDefault(item.ClassId))],
            _ => Spread(wanted, count, Counts),
        };

        IEnumerable<SheetImage> Focused(Func<SheetImage, ImageObject, double> key) => wanted.Where(image => image.Objects.Any(Counts))
            .Select(image => (Image: image, Focus: image.Objects.Where(Counts).MinBy(item => key(image, item))!))
            .OrderBy(entry => key(entry.Image, entry.Focus)).Take(count)
            .Select(entry => entry.Image with { Focus = entry.Focus, Reason = Described(entry.Focus) });
    }

    /// <summary>Every n-th image, with its smallest object enlarged where it is tiny.</summary>
    private static SheetImage[] Spread(SheetImage[] images, int count, Func<ImageObject, bool> counts)
    {
        int shown = Math.Min(count, images.Length);
        return
        [
            .. Enumerable.Range(0, shown).Select(i => images[(int)((long)i * images.Length / shown)])
                .Select(image => image with { Focus = image.Objects.Where(counts).MinBy(item => item.Area) }),
        ];
    }

    private static string Described(ImageObject item) => item.IsWhole ? ""
        : FormattableString.Invariant($"{item.ClassName} {item.X2 - item.X1:0} x {item.Y2 - item.Y1:0}");
}
