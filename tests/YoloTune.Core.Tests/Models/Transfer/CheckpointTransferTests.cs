using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tests.Models.Transfer;

/// <summary>The first complete job on a real checkpoint.</summary>
public sealed class CheckpointTransferTests
{
    private static readonly string[] Cells = ["RBC", "WBC", "Platelets"];

    [SkippableFact]
    public void Three_classes_take_448_of_499_items_and_every_other_item_says_why()
    {
        using YoloModel coco = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        TransferReport report = TransferPlanner.Create(model, TransferSource.FromModel(coco), new TransferOptions()).Execute(model);

        Assert.Equal("Transferred 448/499 items from yolo11n.pt", report.ToString());
        List<TransferItem> others = [.. report.Items.Where(item => item.Status != TransferStatus.Transfer)];
        Assert.Equal(51, others.Count);
        Assert.Equal(
            45, others.Count(item => item.Reason == "class branch hidden width follows the class count: 80 in the source, 64 here"));
        Assert.Equal(6, others.Count(item =>
            item.Reason.StartsWith("class output has one row per class: 80 in the source, 3 here", StringComparison.Ordinal)));
        Assert.Equal(45, report.LostClassBranchItems);
        Assert.All(model.Items, item =>
            Assert.Equal(others.Any(other => other.Name == item.Name) ? Origin.New : Origin.Transferred, item.Origin));
        Assert.True(BitEqual(coco.Item("model.22.cv1.conv.weight").Tensor, model.Item("model.22.cv1.conv.weight").Tensor));
    }

    [SkippableFact]
    public void Keeping_the_class_branch_takes_493_of_499_items()
    {
        using YoloModel coco = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells, new PlanOptions { KeepClassBranch = true });
        Assert.Equal(493, TransferPlanner.Create(model, TransferSource.FromModel(coco), new TransferOptions()).Execute(model).Transferred);
    }

    [Fact]
    public void Another_scale_loses_the_class_branch_to_its_channels_and_not_to_the_class_count()
    {
        using YoloModel small = YoloModel.Create(ModelDefinition.Load("yolo11n"), [.. Enumerable.Range(0, 80).Select(id => $"c{id}")]);
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11s"), Cells);
        TransferReport report = TransferPlanner.Create(model, TransferSource.FromModel(small), new TransferOptions()).Execute(model);
        Assert.Equal(0, report.LostClassBranchItems);
        Assert.DoesNotContain(report.Items, item => item.Reason.Contains("follows the class count", StringComparison.Ordinal));
    }

    [Fact]
    public void The_layers_of_a_report_add_up_to_its_count_when_class_rows_are_kept()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        (TransferReport report, _) = ClassSurgery.SetClasses(model, ["RBC", "bolt"], ignoreCase: false, new Dictionary<string, string>());
        Assert.Equal((493, 493), (report.Transferred, report.Layers.Sum(layer => layer.Transferred)));
        Assert.Equal(["6: rows of 1 matching class"], report.Layers[^1].Reasons);
    }

    [SkippableFact]
    public void Set_classes_keeps_everything_but_the_class_rows()
    {
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        using torch.Tensor person = model.Item("model.23.cv3.1.2.weight").Tensor[0].clone();
        (TransferReport report, _) = ClassSurgery.SetClasses(model, ["bolt", "Person"], ignoreCase: true, new Dictionary<string, string>());
        Assert.Equal((493, 499, 1), (report.Transferred, report.Total, report.MatchedClasses));
        Assert.Equal(["bolt", "Person"], model.ClassNames);
        Assert.True(BitEqual(person, model.Item("model.23.cv3.1.2.weight").Tensor[1]));
        Assert.Equal(Origin.Remapped, model.Item("model.23.cv3.1.2.weight").Origin);
    }

    [SkippableFact]
    public void Set_classes_keeps_the_widths_when_the_class_count_equals_a_row_width()
    {
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        ClassSurgery.SetClasses(model, [.. Enumerable.Range(0, 64).Select(id => $"c{id}")], ignoreCase: false, new Dictionary<string,
            string>());
        Assert.Equal([16, 3, 3, 3], model.Item("model.0.conv.weight").Tensor.shape);
    }

    [SkippableFact]
    public void Classes_are_added_and_removed_without_losing_a_row()
    {
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        using torch.Tensor before = model.Item("model.23.cv3.0.2.weight").Tensor.clone();
        ClassSurgery.AddClasses(model, ["bolt"]);
        Assert.Equal(81, model.ClassCount);
        Assert.True(BitEqual(before, model.Item("model.23.cv3.0.2.weight").Tensor.narrow(0, 0, 80)));
        ClassSurgery.RemoveClasses(model, [new NamePattern("bolt"), new NamePattern("person")]);
        Assert.Equal(79, model.ClassCount);
        Assert.True(BitEqual(before.narrow(0, 1, 79), model.Item("model.23.cv3.0.2.weight").Tensor));
    }

    [SkippableFact]
    public void Legacy_yolov5_maps_342_of_427_items_and_names_the_anchor_based_head()
    {
        using YoloModel model = ModelImporter.Import(Shared.Path("data/weights/yolov5n.pt"));
        Assert.Equal("Transferred 342/427 items from yolov5n.pt", model.Transfer!.ToString());
        Assert.Equal(80, model.ClassCount);
        Assert.All(model.Transfer.Items.Where(item => item.Status != TransferStatus.Transfer), item =>
            Assert.Contains("anchor-based", item.Reason));
    }

    [SkippableTheory]
    [InlineData("model.pt")]
    [InlineData("model.safetensors")]
    public void Exported_tensors_equal_the_source_bit_for_bit_and_come_back_complete(string fileName)
    {
        using YoloModel coco = ModelImporter.Import(Shared.Path("data/weights/yolo11n.pt"));
        ClassSurgery.SetClasses(coco, ["person", "bolt"], ignoreCase: false, new Dictionary<string, string>());
        string folder = Directory.CreateTempSubdirectory("yolotune [ü] ").FullName;
        try
        {
            string path = Path.Combine(folder, fileName);
            if (fileName.EndsWith(".pt", StringComparison.Ordinal)) ModelExporter.WriteStateDict(coco, path);
            else ModelExporter.WriteSafeTensors(coco, path);
            using YoloModel back = ModelImporter.Import(path);
            Assert.Equal((coco.Name, coco.Task), (back.Name, back.Task));
            Assert.Equal(coco.ClassNames, back.ClassNames);
            foreach (ModelItem item in coco.Items)
            {
                Assert.True(BitEqual(item.Tensor, back.Item(item.Name).Tensor), item.Name);
                Assert.Equal(item.Origin, back.Item(item.Name).Origin);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SkippableFact]
    public void Freezing_the_first_ten_layers_freezes_their_statistics_too()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        FreezeSelection.First(10).Resolve(model).Apply();
        Assert.All(model.Items.Where(item => item.Layer < 10), item => Assert.True(item.Frozen));
        Assert.All(model.Items.Where(item => item.Layer >= 10 && !item.IsConstant), item => Assert.False(item.Frozen));
        Assert.All(model.BatchNorms, entry => Assert.Equal(int.Parse(entry.Path.Split('.')[1]) < 10, entry.Norm.KeepStatistics));
        FreezeSelection.None().Resolve(model).Apply();
        Assert.Equal(["model.23.dfl.conv.weight"], model.Items.Where(item => item.Frozen).Select(item => item.Name));
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_an_error_and_leaves_the_model_alone()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        Assert.Throws<SelectionException>(() => FreezeSelection.Names([new NamePattern("model.99.*")]).Resolve(model));
        Assert.Throws<SelectionException>(() => FreezeSelection.Layers([24]).Resolve(model));
        Assert.All(model.Items, item => Assert.Equal(item.IsConstant, item.Frozen));
    }

    [Fact]
    public void A_class_map_to_an_unknown_class_is_an_error_and_leaves_the_model_alone()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        SelectionException error = Assert.Throws<SelectionException>(() =>
            ClassSurgery.SetClasses(model, ["a", "b"], ignoreCase: false, new Dictionary<string, string> { ["a"] = "zebra" }));
        Assert.Contains("zebra", error.Message);
        Assert.Equal(Cells, model.ClassNames);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_refused_with_the_tensor_that_holds_them()
    {
        using YoloModel model = YoloModel.Create(ModelDefinition.Load("yolo11n"), Cells);
        using (torch.no_grad()) model.Item("model.3.conv.weight").Tensor.fill_(float.NaN);
        string path = Path.Combine(Path.GetTempPath(), $"yolotune nan {Guid.NewGuid():N}.safetensors");
        try
        {
            ModelExporter.WriteSafeTensors(model, path);
            ModelFormatException error = Assert.Throws<ModelFormatException>(() => ModelImporter.Import(path));
            Assert.Equal((path, "tensor model.3.conv.weight"), (error.File, error.Position));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool BitEqual(torch.Tensor left, torch.Tensor right) =>
        left.dtype == right.dtype && left.shape.SequenceEqual(right.shape)
            && left.contiguous().bytes.SequenceEqual(right.contiguous().bytes);
}
