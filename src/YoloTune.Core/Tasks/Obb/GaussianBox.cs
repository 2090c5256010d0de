namespace YoloTune.Tasks.Obb;

/// <summary>An oriented box as the normal distribution that stands for it.</summary>
internal readonly struct GaussianBox
{
    /// <summary>Makes the distribution of a box.</summary>
    public GaussianBox(float x, float y, float width, float height, float angle)
    {
        (X, Y) = (x, y);
        // In float32 the determinants of long, thin boxes would cancel.
        double along = (double)width * width / 12, across = (double)height * height / 12;
        double cosine = Math.Cos(angle), sine = Math.Sin(angle), cosine2 = cosine * cosine, sine2 = sine * sine;
        A = (along * cosine2) + (across * sine2);
        B = (along * sine2) + (across * cosine2);
        C = (along - across) * cosine * sine;
        Determinant = along * across;
        Largest = (float)Math.Max(along, across);
        HasArea = width != 0 && height != 0;
    }

    /// <summary>x of the centre.</summary>
    public float X { get; }

    /// <summary>y of the centre.</summary>
    public float Y { get; }

    /// <summary>The variance of x.</summary>
    public double A { get; }

    /// <summary>The variance of y.</summary>
    public double B { get; }

    /// <summary>The covariance of x and y.</summary>
    public double C { get; }

    /// <summary>The determinant of the covariance matrix, not negative.</summary>
    public double Determinant { get; }

    /// <summary>The largest variance in any direction.</summary>
    public float Largest { get; }

    /// <summary>Whether neither side is 0.</summary>
    public bool HasArea { get; }
}
