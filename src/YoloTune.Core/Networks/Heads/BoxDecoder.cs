using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>Turns distances from anchor points into boxes. All lengths are in units of the anchor's stride.</summary>
internal static class BoxDecoder
{
    /// <summary>Distances [N, 4, A] (left, top, right, bottom) and points [2, A] to boxes [N, 4, A]: centre, width, height.</summary>
    public static Tensor ToCentreSize(Tensor distances, Tensor points)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] sides = distances.chunk(2, 1);
        Tensor low = points.unsqueeze(0) - sides[0];
        Tensor high = points.unsqueeze(0) + sides[1];
        return cat([(low + high) / 2, high - low], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Distances [N, 4, A] and points [2, A] to boxes [N, 4, A]: left, top, right, bottom.</summary>
    public static Tensor ToCorners(Tensor distances, Tensor points)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] sides = distances.chunk(2, 1);
        return cat([points.unsqueeze(0) - sides[0], points.unsqueeze(0) + sides[1]], 1).MoveToOuterDisposeScope();
    }

    /// <summary>Distances [N, 4, A], angles [N, 1, A] in radians and points [2, A] to rotated boxes [N, 4, A]: centre, size.</summary>
    public static Tensor ToRotated(Tensor distances, Tensor angles, Tensor points)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] sides = distances.chunk(2, 1);
        Tensor[] offset = ((sides[1] - sides[0]) / 2).chunk(2, 1);
        (Tensor cosine, Tensor sine) = (angles.cos(), angles.sin());
        Tensor x = (offset[0] * cosine) - (offset[1] * sine);
        Tensor y = (offset[0] * sine) + (offset[1] * cosine);
        return cat([cat([x, y], 1) + points.unsqueeze(0), sides[0] + sides[1]], 1).MoveToOuterDisposeScope();
    }
}
