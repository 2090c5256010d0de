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
}
