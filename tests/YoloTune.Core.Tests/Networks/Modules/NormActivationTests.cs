using TorchSharp;
using Xunit;
using YoloTune.Kernels;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Modules;

public sealed class NormActivationTests
{
    private const int Images = 3, Rows = 37, Columns = 29;

    public static TheoryData<ScalarType, int, string, bool> Cases()
    {
        TheoryData<ScalarType, int, string, bool> cases = [];
        // Channels that fill vectors, that share some of their factors, and that share none.
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        foreach (int channels in (int[])[1, 5, 8, 24, 80])
        foreach (ActivationKind kind in (ActivationKind[])[ActivationKind.SiLU, ActivationKind.Identity])
        foreach (bool keep in (bool[])[false, true]) cases.Add(type, channels, kind.ToString(), keep);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_equals_batch_normalisation_and_activation(ScalarType type, int channels, string activation, bool keepStatistics)
    {
        ActivationKind kind = Enum.Parse<ActivationKind>(activation);
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d fused = Norm(channels, keepStatistics), plain = Norm(channels, keepStatistics);
        Tensor map = Map(channels, 1, spread: 3, centre: 5).to(type).requires_grad_(true), gradient = Map(channels, 2, 1, 0).to(type);
        Tensor reference = map.detach().to(float32).requires_grad_(true);

        Assert.True(NormActivation.Takes(map));
        Tensor actual = NormActivation.Run(map, fused, new Activation(kind).Kernel!.Value);
        actual.backward([gradient]);
        Tensor normalised = plain.call(reference), expected = kind == ActivationKind.SiLU ? nn.functional.silu(normalised) : normalised;
        expected.backward([gradient.to(float32)]);

        // Values are rounded once to the number format (2^-9 for bfloat16); sums over 3219 pixels are float32 in another order.
        double rounding = type == ScalarType.Float32 ? 5e-6 : 3e-3, sums = 2e-5;
        Assert.InRange(Difference(actual, expected), 0, rounding);
        Assert.InRange(Difference(map.grad!, reference.grad!), 0, rounding);
        Assert.InRange(Difference(fused.Gain.grad!, plain.Gain.grad!), 0, sums);
        Assert.InRange(Difference(fused.Bias.grad!, plain.Bias.grad!), 0, sums);
        Assert.InRange(Difference(fused.RunningMean, plain.RunningMean), 0, sums);
        Assert.InRange(Difference(fused.RunningVariance, plain.RunningVariance), 0, sums);
        Assert.Equal(plain.BatchesTracked.ToInt64(), fused.BatchesTracked.ToInt64());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    public void A_gradient_that_is_a_part_of_a_wider_one_is_read_where_it_lies(int channels)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        {
            Tensor part = Map(channels + 16, 2, 1, 0).to(type).narrow(1, 8, channels);
            Assert.True(PixelMap.Fits(part));
            Assert.False(PixelMap.IsDense(part));
            (Tensor map, Tensor other) =
                (Map(channels, 1, 3, 5).to(type).requires_grad_(true), Map(channels, 1, 3, 5).to(type).requires_grad_(true));
            using BatchNorm2d norm = Norm(channels, keepStatistics: false), same = Norm(channels, keepStatistics: false);
            NormActivation.Run(map, norm, PointwiseFunction.Silu).backward([part]);
            NormActivation.Run(other, same, PointwiseFunction.Silu).backward([part.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)]);
            Assert.Equal(0, (map.grad! - other.grad!).abs().max().to(float32).ToDouble());
            Assert.True(norm.Gain.grad!.equal(same.Gain.grad!).all().ToBoolean());
        }
    }

    [Fact]
    public void The_coarse_function_is_good_for_bfloat16()
    {
        // A half step of bfloat16 is 2e-3 of the value; near its zero at -1.28 the slope is a difference of numbers near one.
        CheckFunction<CoarseSiluFunction, Lanes8>(2e-4, 1e-4);
        if (Lanes16.IsSupported) CheckFunction<CoarseSiluFunction, Lanes16>(2e-4, 1e-4);
    }

    [Fact]
    public void The_function_is_good_for_float32()
    {
        // Steps of float32 are 1.2e-7 of the value, and the exponential is within three of them.
        CheckFunction<SiluFunction, Lanes8>(6e-7, 6e-7);
        if (Lanes16.IsSupported) CheckFunction<SiluFunction, Lanes16>(6e-7, 6e-7);
    }

    private static unsafe void CheckFunction<TFunction, TLanes>(double relative, double absoluteSlope)
        where TFunction : struct, IPointwise
        where TLanes : struct, ILanes<TLanes>
    {
        float[] places =
            [.. Enumerable.Range(-8000, 16000).Select(i => i * 0.01f), .. Enumerable.Repeat(-1e30f, 16), .. Enumerable.Repeat(1e30f, 16)];
        float[] values = new float[places.Length], slopes = new float[places.Length];
        fixed (float* from = places, value = values, slope = slopes)
        {
            for (int i = 0; i < places.Length; i += TLanes.Width)
            {
                TFunction.Value(TLanes.Load(from + i)).Store(value + i);
                TFunction.Slope(TLanes.Load(from + i)).Store(slope + i);
            }
        }
        for (int i = 0; i < places.Length; i++)
        {
            double x = places[i], sigmoid = 1 / (1 + Math.Exp(-x)), exact = x * sigmoid, steep = sigmoid * (1 + (x * (1 - sigmoid)));
            // At -1e30 the sigmoid is 0, and the functions' smallest one 1e-38.
            Assert.InRange(Math.Abs(values[i] - exact), 0, x == -1e30f ? 1e-7 : (relative * Math.Abs(exact)) + 1e-30);
            Assert.InRange(Math.Abs(slopes[i] - steep), 0, (relative * Math.Abs(steep)) + absoluteSlope);
        }
    }

    [Fact]
    public void Sums_do_not_depend_on_the_number_of_threads()
    {
        ChannelRows rows = new(1 << 16, 24);
        Assert.True(rows.Parts > 1);
        Assert.Equal(0, rows.Width % ChannelRows.Block);
        Assert.Equal(rows.Pixels * rows.Channels, (rows.Rows * rows.Width) + rows.Rest);
        int[] single = new int[rows.Parts], many = new int[rows.Parts];
        TorchThreads.ForEach(rows.Parts, 1, part => single[part]++);
        TorchThreads.ForEach(rows.Parts, 4, part => many[part]++);
        Assert.All(single.Concat(many), count => Assert.Equal(1, count));
    }

    [Fact]
    public void An_error_in_a_part_comes_out()
    {
        foreach (int threads in (int[])[1, 2])
        {
            Assert.Throws<InvalidDataException>(() => TorchThreads.ForEach(8, threads, part =>
            {
                if (part == 5) throw new InvalidDataException();
            }));
        }
    }

    [Fact]
    public void Nothing_else_is_taken()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor map = Map(8, 1, 1, 0);
        Assert.False(NormActivation.Takes(map.contiguous()));
        Assert.False(NormActivation.Takes(map.narrow(1, 0, 4)));
        Assert.Null(new Activation(ActivationKind.Mish).Kernel);
        Assert.False(NormActivation.Takes(map.to(float64)));
        using IDisposable untracked = no_grad();
        Assert.False(NormActivation.Takes(map));
    }

    [Fact]
    public void What_is_not_finite_stays_visible()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        {
            using BatchNorm2d norm = Norm(8, keepStatistics: false);
            Tensor map = Map(8, 1, 1, 0);
            map[0, 3, 5, 5] = float.NaN;
            Tensor result = NormActivation.Run(map.to(type).requires_grad_(true), norm, PointwiseFunction.Silu);
            Assert.True(result.select(1, 3).isnan().all().ToBoolean());
            Assert.True(result.select(1, 2).isfinite().all().ToBoolean());
        }
    }

    private static Tensor Map(int channels, int seed, double spread, double centre)
    {
        using Generator generator = new((ulong)seed);
        return ((randn([Images, Rows, Columns, channels], generator: generator) * spread) + centre).permute(0, 3, 1, 2);
    }

    private static BatchNorm2d Norm(int channels, bool keepStatistics)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(7);
        BatchNorm2d norm = new(new() { Activation = new(ActivationKind.SiLU), Device = CPU }, channels) { KeepStatistics = keepStatistics };
        norm.Gain.copy_(rand([channels], generator: generator) + 0.5);
        norm.Bias.copy_(randn([channels], generator: generator));
        norm.RunningMean.copy_(randn([channels], generator: generator));
        norm.RunningVariance.copy_(rand([channels], generator: generator) + 0.5);
        norm.train();
        return norm;
    }

    private static double Difference(Tensor actual, Tensor expected) =>
        ((actual.to(float64) - expected.to(float64)).norm() / (expected.to(float64).norm() + 1e-12)).ToDouble();
}
