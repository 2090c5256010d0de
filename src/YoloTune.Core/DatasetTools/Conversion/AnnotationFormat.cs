namespace YoloTune.DatasetTools.Conversion;

/// <summary>How annotations are written down outside YOLO.</summary>
public enum AnnotationFormat
{
    /// <summary>One JSON file for many images: images, annotations, categories; boxes as x, y, width, height in pixels.</summary>
    Coco,

    /// <summary>One XML file an image, as in Pascal VOC; corners in pixels that count from 1 and belong to the box.</summary>
    Voc,

    /// <summary>One JSON file an image, as LabelMe writes it; shapes of points in pixels.</summary>
    LabelMe,

    /// <summary>One text file an image, as DOTA has them: four corners in pixels, class and difficulty.</summary>
    Dota,
}
