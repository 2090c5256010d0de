using YoloTune.Models;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// The training arguments that go into a checkpoint: those the reference knows, for it refuses others, without those that speak of the
/// machine the training ran on.
/// </summary>
internal static class ReferenceArguments
{
    private static readonly HashSet<string> Known =
    [
        "task", "mode", "model", "data", "epochs", "time", "patience", "batch", "imgsz", "save", "save_period", "cache", "workers",
        "exist_ok", "pretrained", "optimizer", "verbose", "seed", "deterministic", "single_cls", "rect", "cos_lr",
        "close_mosaic", "resume", "amp", "fraction", "profile", "freeze", "multi_scale", "compile", "overlap_mask", "mask_ratio", "dropout",
        "val", "split", "save_json", "conf", "iou", "max_det", "half", "dnn", "plots", "end2end", "vid_stride", "augment", "agnostic_nms",
        "classes", "retina_masks", "lr0", "lrf", "momentum", "weight_decay", "warmup_epochs", "warmup_momentum", "warmup_bias_lr", "box",
        "cls", "dfl", "pose", "kobj", "rle", "angle", "nbs", "hsv_h", "hsv_s", "hsv_v", "degrees", "translate", "scale", "shear",
        "perspective", "flipud", "fliplr", "bgr", "mosaic", "mixup", "cutmix", "copy_paste", "copy_paste_mode", "auto_augment", "erasing",
    ];

    /// <summary>
    /// The arguments of a model's last training, or at least its task and an image size, without which no file is complete.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> Of(YoloModel model)
    {
        Dictionary<string, object?> arguments = new(StringComparer.Ordinal)
        {
            ["task"] = model.Task.ReferenceName,
            ["mode"] = "train",
            ["model"] = model.Definition.ToDictionary().GetValueOrDefault("yaml_file") as string ?? model.Name + ".yaml",
            ["imgsz"] = (long)model.Task.DefaultImageSize,
        };
        foreach ((string name, object? value) in model.Arguments)
        {
            if (name is not "task" && Known.Contains(name) && IsPlain(value)) arguments[name] = value;
        }
        return arguments;
    }

    private static bool IsPlain(object? value) => value switch
    {
        null or bool or long or int or double or string => true,
        IEnumerable<object?> items => items.All(IsPlain),
        _ => false,
    };
}
