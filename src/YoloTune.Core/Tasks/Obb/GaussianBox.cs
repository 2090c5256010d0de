namespace YoloTune.Tasks.Obb;

/// <summary>An oriented box as the normal distribution that stands for it.</summary>
internal readonly struct GaussianBox
{
    /// <summary>Makes the distribution of a box.</summary>
    public GaussianBox(float x, float y, float width, float height, float angle)
    {
        (X, Y) = (x, y);
        float along = width * width / 12, across = height * height / 12;
        float cosine = MathF.Cos(angle), sine = MathF.Sin(angle), cosine2 = cosine * cosine, sine2 = sine * sine;
        A = (along * cosine2) + (across * sine2);
        B = (along * sine2) + (across * cosine2);
        C = (along - across) * cosine * sine;
        Determinant = Math.Max((A * B) - (C * C), 0);
        Largest = Math.Max(along, across);
        HasArea = width != 0 && height != 0;
    }

    /// <summary>x of the centre.</summary>
    public float X { get; }

    /// <summary>y of the centre.</summary>
    public float Y { get; }

    /// <summary>The variance of x.</summary>
    public float A { get; }

    /// <summary>The variance of y.</summary>
    public float B { get; }

    /// <summary>The covariance of x and y.</summary>
    public float C { get; }

    /// <summary>The determinant of the covariance matrix, not negative.</summary>
    public float Determinant { get; }

    /// <summary>The largest variance in any direction.</summary>
    public float Largest { get; }

    /// <summary>Whether neither side is 0.</summary>
    public bool HasArea { get; }
}
