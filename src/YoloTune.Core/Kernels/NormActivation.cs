using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch.autograd;

namespace YoloTune.Kernels;

/// <summary>
/// Batch normalisation followed by an activation, for training on a processor. Of both only the input is kept for the backward pass, in
/// the number format of the pass; statistics and arithmetic are float32.
/// </summary>
/// <remarks>Arguments: the map [N, C, H, W], gain [C], bias [C], the normalisation, the activation.</remarks>
internal sealed class NormActivation : SingleTensorFunction<NormActivation>
{
    private const string PassKey = "pass", KindKey = "kind";

    // The native side takes its own reference to what a backward pass returns, and does not say when; by the next call it has.
    [ThreadStatic]
    private static List<torch.Tensor>? handedOver;

    /// <inheritdoc/>
    public override string Name => nameof(NormActivation);

    /// <summary>
    /// Whether a map can be worked on: gradients are wanted, and it is dense and channels-last in the processor's memory.
    /// </summary>
    public static bool Takes(torch.Tensor map)
    {
        if (!KernelSwitch.IsOn || !torch.is_grad_enabled() || map.device_type != DeviceType.CPU) return false;
        if (map.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.BFloat16)) return false;
        return map.numel() > 0 && map.numel() * map.ElementSize <= int.MaxValue && PixelMap.IsDense(map);
    }

    /// <summary>Normalises and activates; in training the running statistics move, unless they are kept.</summary>
    public static torch.Tensor Run(torch.Tensor map, INormLayer norm, PointwiseFunction kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return apply(map, norm.Gains, norm.Offsets, norm, kind).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(AutogradContext ctx, params object[] vars)
    {
        (torch.Tensor map, INormLayer norm, PointwiseFunction kind) =
            ((torch.Tensor)vars[0], (INormLayer)vars[3], (PointwiseFunction)vars[4]);
        bool learns = norm.Learns;
        bool single = map.dtype == torch.ScalarType.Float32, silu = kind == PointwiseFunction.Silu;
        (NormPass pass, double[]? variance, torch.Tensor result) = (single, silu) switch
        {
            (true, true) => Forward<float, Float32Format, SiluFunction>(map, norm, learns),
            (true, false) => Forward<float, Float32Format, IdentityFunction>(map, norm, learns),
            (false, true) => Forward<ushort, BFloat16Format, CoarseSiluFunction>(map, norm, learns),
            (false, false) => Forward<ushort, BFloat16Format, IdentityFunction>(map, norm, learns),
        };
        if (variance is not null) norm.Track(pass.Mean, variance, pass.Rows.Pixels);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([map]);
        ctx.save_data(PassKey, pass);
        ctx.save_data(KindKey, kind);
        return result;
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(AutogradContext ctx, torch.Tensor grad_output)
    {
        handedOver?.ForEach(tensor => tensor.Dispose());
        NormPass pass = (NormPass)ctx.get_data(PassKey);
        bool silu = (PointwiseFunction)ctx.get_data(KindKey) == PointwiseFunction.Silu;
        using torch.Tensor owned = grad_output;
        using torch.Tensor map = ctx.get_saved_variables()[0];
        using torch.Tensor laid = PixelMap.Fits(owned) ? owned.alias() : ChannelsLast.Lay(owned);
        PixelMap gradient = PixelMap.Of(laid);
        (torch.Tensor dx, float[] gain, float[] bias) = (map.dtype == torch.ScalarType.Float32, silu) switch
        {
            (true, true) => Backward<float, Float32Format, SiluFunction>(pass, map, gradient),
            (true, false) => Backward<float, Float32Format, IdentityFunction>(pass, map, gradient),
            (false, true) => Backward<ushort, BFloat16Format, CoarseSiluFunction>(pass, map, gradient),
            (false, false) => Backward<ushort, BFloat16Format, IdentityFunction>(pass, map, gradient),
        };
        // Without this the map would stay in memory until the whole backward pass is over.
        ctx.Dispose();
        handedOver =
            [dx.DetachFromDisposeScope(), torch.tensor(gain).DetachFromDisposeScope(), torch.tensor(bias).DetachFromDisposeScope()];
        return [.. handedOver, null!, null!];
    }

    private static (NormPass Pass, double[]? Variance, torch.Tensor Result) Forward<T, TFormat, TFunction>(
        torch.Tensor map, INormLayer norm, bool learns)
        where T : unmanaged
        where TFormat : struct, IPixelFormat<T>
        where TFunction : struct, IPointwise =>
        Lanes16.IsSupported
            ? NormPass.Forward<T, TFormat, TFunction, Lanes16>(map, norm, learns)
            : NormPass.Forward<T, TFormat, TFunction, Lanes8>(map, norm, learns);

    private static (torch.Tensor Map, float[] Gain, float[] Bias) Backward<T, TFormat, TFunction>(
        NormPass pass, torch.Tensor map, PixelMap gradient)
        where T : unmanaged
        where TFormat : struct, IPixelFormat<T>
        where TFunction : struct, IPointwise =>
        Lanes16.IsSupported && gradient.HasWhole<Lanes16>(pass.Rows.Channels)
            ? pass.Backward<T, TFormat, TFunction, Lanes16>(map, gradient)
            : pass.Backward<T, TFormat, TFunction, Lanes8>(map, gradient);
}

/// <summary>f(z) = z.</summary>
internal readonly struct IdentityFunction : IPointwise
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => TLanes.Of(1);
}
