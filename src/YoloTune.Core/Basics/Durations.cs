using System.Globalization;

namespace YoloTune.Basics;

/// <summary>Durations as people read them.</summary>
internal static class Durations
{
    /// <summary>The two largest units: 8.4s, 3m05s, 3h15m, 2d04h.</summary>
    /// <param name="seconds">The duration; one that is not finite or negative counts as 0.</param>
    public static string Short(double seconds)
    {
        double known = double.IsFinite(seconds) ? Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2) : 0;
        if (Math.Round(known, 1) < 10) return string.Create(CultureInfo.InvariantCulture, $"{known:0.0}s");
        TimeSpan time = TimeSpan.FromSeconds(Math.Round(known));
        if (time.TotalMinutes < 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s");
        if (time.TotalHours < 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds:00}s");
        time = TimeSpan.FromMinutes(Math.Round(time.TotalMinutes));
        if (time.TotalDays < 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Hours}h{time.Minutes:00}m");
        time = TimeSpan.FromHours(Math.Round(time.TotalHours));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalDays}d{time.Hours:00}h");
    }
}
