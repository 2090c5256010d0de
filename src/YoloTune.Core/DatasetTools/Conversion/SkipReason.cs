namespace YoloTune.DatasetTools.Conversion;

/// <summary>Why something of the annotations is not in the converted dataset.</summary>
public enum SkipReason
{
    /// <summary>A COCO annotation of a crowd: one region for many objects.</summary>
    Crowd,

    /// <summary>A VOC object marked difficult.</summary>
    Difficult,

    /// <summary>The category of a COCO annotation is not in the file's list.</summary>
    UnknownCategory,

    /// <summary>The image of a COCO annotation is not in the file's list.</summary>
    UnknownImage,

    /// <summary>The class is not among those that were asked for.</summary>
    UnwantedClass,

    /// <summary>The box is missing, incomplete or not made of finite numbers.</summary>
    BadBox,

    /// <summary>Nothing of the box is left inside the image, or it never had an area.</summary>
    EmptyBox,

    /// <summary>A shape that encloses nothing: a point or a line.</summary>
    ShapeWithoutArea,

    /// <summary>The same box of the same class stands twice on one image.</summary>
    RepeatedBox,

    /// <summary>The image file was not found; the image and its boxes are left out.</summary>
    ImageMissing,

    /// <summary>Several files have the image's name; the image and its boxes are left out.</summary>
    ImageAmbiguous,

    /// <summary>The image file cannot be read; the image and its boxes are left out.</summary>
    ImageUnreadable,

    /// <summary>The annotated size has another shape than the image; the image and its boxes are left out.</summary>
    SizeMismatch,

    /// <summary>The file is no annotation of the format.</summary>
    NotAnAnnotation,

    /// <summary>The annotation file cannot be read; its image is left out.</summary>
    FileUnreadable,

    /// <summary>The object, shape or category names no class.</summary>
    NoClassName,

    /// <summary>An image or category of a COCO file is incomplete, or two of them have one id.</summary>
    BadEntry,

    /// <summary>
    /// Every annotation of the image is left out, and with them the image: as a background it would teach that nothing is on it.
    /// </summary>
    NothingUsable,
}
