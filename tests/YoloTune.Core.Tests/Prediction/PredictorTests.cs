using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Prediction;
using YoloTune.Tests.Evaluation;

namespace YoloTune.Tests.Prediction;

public sealed class PredictorTests
{
    [SkippableTheory]
    [InlineData("bus.jpg", "rect_auto")]
    [InlineData("bus.jpg", "square_640")]
    [InlineData("zidane.jpg", "rect_auto")]
    [InlineData("zidane.jpg", "square_640")]
    public void Detections_equal_the_reference(string image, string setting)
    {
        using SharedModel model = SharedModel.Yolo11n();
        using JsonDocument reference = Shared.Json("data/weights/yolo11n.reference.json");
        JsonElement golden = reference.RootElement.GetProperty("detections").GetProperty(image).GetProperty(setting);
        using Predictor predictor = new(model.Network, model.Names, new PredictionOptions
        {
            Rectangular = setting == "rect_auto", Precision = Precision.Float32,
        });
        ImagePrediction found = predictor.Predict([Shared.Path("data/images/" + image)]).Single();

        JsonElement[] boxes = [.. golden.GetProperty("boxes").EnumerateArray()];
        Assert.Equal(boxes.Length, found.Detections.Count);
        for (int i = 0; i < boxes.Length; i++)
        {
            YoloDetection detection = found.Detections[i];
            Assert.Equal(boxes[i].GetProperty("cls").GetInt32(), detection.ClassId);
            // What was asked for: another JPEG decoder moves pixels by a level or two.
            Assert.Equal(boxes[i].GetProperty("conf").GetDouble(), detection.Confidence, 0.01);
            double[] corners = boxes[i].GetProperty("xyxy").Doubles();
            Assert.Equal(corners[0], detection.X1, 2.0);
            Assert.Equal(corners[1], detection.Y1, 2.0);
            Assert.Equal(corners[2], detection.X2, 2.0);
            Assert.Equal(corners[3], detection.Y2, 2.0);
        }
    }

    [SkippableFact]
    public void Order_is_kept_and_neighbours_change_nothing()
    {
        using SharedModel model = SharedModel.Yolo11n();
        using Predictor predictor = new(model.Network, model.Names, new PredictionOptions { ImageSize = 320 });
        string bus = Shared.Path("data/images/bus.jpg"), zidane = Shared.Path("data/images/zidane.jpg");
        ImagePrediction[] together = [.. predictor.Predict([zidane, bus, zidane])];
        Assert.Equal([zidane, bus, zidane], together.Select(prediction => prediction.Path));
        ImagePrediction alone = predictor.Predict([bus]).Single();
        Assert.Equal(alone.Detections, together[1].Detections);
        Assert.Equal((1080, 810), (alone.ImageHeight, alone.ImageWidth));
    }

    [SkippableFact]
    public void A_broken_image_is_reported_and_the_others_are_looked_at()
    {
        using SharedModel model = SharedModel.Yolo11n();
        using TemporaryFolder folder = new();
        string broken = folder.Write("broken [1] 图.jpg", "this is not an image"), empty = folder.Write("empty.jpg", "");
        string missing = Path.Combine(folder.Path, "missing.jpg"), bus = Shared.Path("data/images/bus.jpg");
        using Predictor predictor = new(model.Network, model.Names, new PredictionOptions { ImageSize = 160, BatchSize = 2 });
        List<string> reported = [];
        ImagePrediction[] found = [.. predictor.Predict([broken, bus, empty, missing], (path, _) => reported.Add(path))];
        Assert.Equal([broken, empty, missing], reported);
        Assert.Equal(bus, Assert.Single(found).Path);
        Assert.Throws<DatasetException>(() => predictor.Predict([broken]).ToList());
    }

    [SkippableFact]
    public void Only_the_wanted_classes_are_found()
    {
        using SharedModel model = SharedModel.Yolo11n();
        int bus = model.Names.ToList().IndexOf("bus");
        using Predictor predictor = new(model.Network, model.Names, new PredictionOptions { Classes = [bus], ImageSize = 320 });
        ImagePrediction found = predictor.Predict([Shared.Path("data/images/bus.jpg")]).Single();
        Assert.Equal("bus", Assert.Single(found.Detections).ClassName);
    }

    [SkippableFact]
    public void The_network_is_as_it_was_afterwards()
    {
        using SharedModel model = SharedModel.Yolo11n();
        model.Network.train();
        string[] before = [.. model.Network.StateItems.Select(item => item.Tensor.to(TorchSharp.torch.float64).sum().ToString(true))];
        foreach (bool fuse in new[] { true, false })
        {
            using Predictor predictor = new(model.Network, model.Names, new PredictionOptions { ImageSize = 64, Fuse = fuse });
            predictor.Predict([Shared.Path("data/images/bus.jpg")]).ToList();
        }
        Assert.True(model.Network.training);
        Assert.Equal(before, model.Network.StateItems.Select(item => item.Tensor.to(TorchSharp.torch.float64).sum().ToString(true)));
    }
}
