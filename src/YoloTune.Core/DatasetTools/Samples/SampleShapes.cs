using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Samples;

/// <summary>The outlines that a drawn dataset is made of, each about as large as the unit circle.</summary>
internal static class SampleShapes
{
    private static readonly Dictionary<string, Func<SKPath>> Makers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["circle"] = () => Draw(path => path.AddCircle(0, 0, 1)),
        ["square"] = () => Draw(path => path.AddRect(new SKRect(-0.85f, -0.85f, 0.85f, 0.85f))),
        ["triangle"] = () => Polygon(3),
        ["star"] = () => Star(5, 0.42f),
        ["cross"] = () => Draw(path =>
        {
            path.AddRect(new SKRect(-0.32f, -1, 0.32f, 1));
            path.AddRect(new SKRect(-1, -0.32f, 1, 0.32f));
        }),
        ["ring"] = () => Draw(path =>
        {
            path.FillType = SKPathFillType.EvenOdd;
            path.AddCircle(0, 0, 1);
            path.AddCircle(0, 0, 0.55f);
        }),
        ["hexagon"] = () => Polygon(6),
        ["diamond"] = () => Draw(path => path.AddPoly([new(0, -1), new(0.6f, 0), new(0, 1), new(-0.6f, 0)], true)),
        ["heart"] = () => Draw(path =>
        {
            path.MoveTo(0, 0.95f);
            path.CubicTo(-1.7f, -0.35f, -0.7f, -1.35f, 0, -0.5f);
            path.CubicTo(0.7f, -1.35f, 1.7f, -0.35f, 0, 0.95f);
            path.Close();
        }),
        ["arrow"] = () => Draw(path => path.AddPoly(
            [new(0, -1), new(0.8f, -0.1f), new(0.3f, -0.1f), new(0.3f, 1), new(-0.3f, 1), new(-0.3f, -0.1f), new(-0.8f, -0.1f)], true)),
        ["gear"] = () => Star(9, 0.72f),
        ["bar"] = () => Draw(path => path.AddRect(new SKRect(-1, -0.28f, 1, 0.28f))),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>A shape for every class name.</summary>
    /// <exception cref="SelectionException">There is no name, a name comes twice, or there are more names than shapes.</exception>
    public static IReadOnlyList<Func<SKPath>> For(IReadOnlyList<string> classNames)
    {
        if (classNames.Count == 0) throw new SelectionException("a dataset needs at least one class name.");
        if (classNames.FirstOrDefault(string.IsNullOrWhiteSpace) is not null) throw new SelectionException("a class name is empty.");
        if (classNames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SelectionException($"the class name '{twice.Key}' is given twice.");
        if (classNames.Count > Makers.Count)
        {
            throw new SelectionException(
                FormattableString.Invariant($"{classNames.Count} classes are asked for, but there are only {Makers.Count} shapes."),
                remedy: "Shapes: " + string.Join(", ", Names) + ".");
        }
        HashSet<string> taken = new(classNames.Where(Makers.ContainsKey), StringComparer.OrdinalIgnoreCase);
        Queue<string> free = new(Names.Where(name => !taken.Contains(name)));
        HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);
        return [.. classNames.Select(name => Makers[Makers.ContainsKey(name) && used.Add(name) ? name : free.Dequeue()])];
    }

    private static SKPath Polygon(int corners) => Draw(path => path.AddPoly(Corners(corners, 1), true));

    private static SKPath Star(int points, float inner) => Draw(path => path.AddPoly(Corners(2 * points, inner), true));

    private static SKPoint[] Corners(int count, float innerRadius) => [.. Enumerable.Range(0, count).Select(i =>
    {
        double angle = 2 * Math.PI * i / count - Math.PI / 2, radius = i % 2 == 0 ? 1 : innerRadius;
        return new SKPoint((float)(Math.Cos(angle) * radius), (float)(Math.Sin(angle) * radius));
    })];

    private static SKPath Draw(Action<SKPath> build)
    {
        SKPath path = new() { FillType = SKPathFillType.Winding };
        build(path);
        return path;
    }
}
