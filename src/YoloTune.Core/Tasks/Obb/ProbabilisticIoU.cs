using TorchSharp;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// Overlap of oriented boxes as that of the normal distributions with the boxes' covariances: one minus their Hellinger distance
/// (Murrugarra
/// -Llerena et al. 2022, "Gaussian Bounding Boxes and Probabilistic Intersection-over-Union"). Equal boxes give 0.9995, not 1.
/// </summary>
internal static class ProbabilisticIoU
{
    private const float Epsilon = 1e-7f, LargestDistance = 100;

    /// <summary>Keeps the gradient of the root finite where a predicted box has no area.</summary>
    private const double LeastProduct = 1e-20;

    /// <summary>The overlap of each pair of boxes, differentiable, in the shape of the planes.</summary>
    public static torch.Tensor Compute(in RotatedPlanes first, in RotatedPlanes second)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor a1, torch.Tensor b1, torch.Tensor c1) = Covariance(first);
        (torch.Tensor a2, torch.Tensor b2, torch.Tensor c2) = Covariance(second);
        torch.Tensor a = a1 + a2, b = b1 + b2, c = c1 + c2;
        torch.Tensor dx = first.X - second.X, dy = first.Y - second.Y;
        torch.Tensor determinant = a * b - c.square();
        torch.Tensor shift = ((a * dy.square() + b * dx.square()) * 0.25 - c * dx * dy * 0.5) / (determinant + Epsilon);
        torch.Tensor product = (a1 * b1 - c1.square()).clamp_min(0) * (a2 * b2 - c2.square()).clamp_min(0);
        torch.Tensor shape = (determinant / (product.clamp_min(LeastProduct).sqrt() * 4 + Epsilon) + Epsilon).log() * 0.5;
        torch.Tensor distance = (shift + shape).clamp(Epsilon, LargestDistance);
        return (1 - (1 - (-distance).exp() + Epsilon).sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>The overlap of two boxes of x, y, width, height, angle; 0 where either has no area.</summary>
    public static float Compute(in GaussianBox first, in GaussianBox second)
    {
        if (!first.HasArea || !second.HasArea) return 0;
        double a = first.A + second.A, b = first.B + second.B, c = first.C + second.C;
        double dx = first.X - second.X, dy = first.Y - second.Y;
        double determinant = (a * b) - (c * c);
        double shift = ((((a * dy * dy) + (b * dx * dx)) * 0.25) - (c * dx * dy * 0.5)) / (determinant + Epsilon);
        double shape = Math.Log((determinant / ((4 * Math.Sqrt(first.Determinant * second.Determinant)) + Epsilon)) + Epsilon) * 0.5;
        double distance = Math.Clamp(shift + shape, Epsilon, LargestDistance);
        float result = (float)(1 - Math.Sqrt(1 - Math.Exp(-distance) + Epsilon));
        return float.IsNaN(result) ? 0 : result;
    }

    /// <summary>
    /// Whether two boxes are so far apart that their overlap is certain to be below a limit; costs no logarithm. The mixed covariance's
    /// largest eigenvalue is at most the sum of both boxes', and the shape's part of the distance is never negative.
    /// </summary>
    /// <param name="first">One box.</param>
    /// <param name="second">The other.</param>
    /// <param name="largestDistance">What <see cref="DistanceFor"/> gives for the limit.</param>
    public static bool AreApart(in GaussianBox first, in GaussianBox second, float largestDistance)
    {
        float dx = first.X - second.X, dy = first.Y - second.Y;
        return (dx * dx) + (dy * dy) > 4 * (first.Largest + second.Largest) * largestDistance;
    }

    /// <summary>The distance beyond which an overlap is below a limit, with room for rounding.</summary>
    public static float DistanceFor(double limit)
    {
        double hellinger = 1 - Math.Clamp(limit, 0, 1);
        double rest = 1 - (hellinger * hellinger);
        return rest <= 1e-6 ? float.PositiveInfinity : (float)((-Math.Log(rest) * 1.01) + 0.01);
    }

    private static (torch.Tensor A, torch.Tensor B, torch.Tensor C) Covariance(in RotatedPlanes boxes)
    {
        torch.Tensor along = boxes.Width.square() / 12, across = boxes.Height.square() / 12;
        torch.Tensor cosine = boxes.Angle.cos(), sine = boxes.Angle.sin();
        torch.Tensor cosine2 = cosine.square(), sine2 = sine.square();
        return (along * cosine2 + across * sine2, along * sine2 + across * cosine2, (along - across) * cosine * sine);
    }
}
