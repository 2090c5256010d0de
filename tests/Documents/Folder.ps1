# The folder that the documents are run in: files with the names that they use, and as little in them as possible.

# Fills a folder. The weights of yolo11n are the real ones where the shared data is there, otherwise those of a fresh model, which has the
# same items. Everything else is drawn: sets of five or ten images of 64 pixels.
function Initialize-DocumentFolder([string] $Path, [string] $Shared) {
    $ErrorActionPreference = 'Stop'
    $InformationPreference = 'Ignore'
    $WarningPreference = 'Ignore'
    function Join([string[]] $Name) { [System.IO.Path]::Combine([string[]](@($Path) + $Name)) }
    function Draw([string] $Name, [string[]] $ClassName, [int] $Count = 5) {
        $file = New-YoloSampleDataset (Join $Name) -Count $Count -ClassName $ClassName -ImageSize 64 -Seed 1
        [System.IO.File]::AppendAllText($file.FullName, "test: images/val`n")
    }

    $coco = [System.IO.Path]::Combine($Shared, 'data', 'weights', 'yolo11n.pt')
    if ([System.IO.File]::Exists($coco)) { [System.IO.File]::Copy($coco, (Join yolo11n.pt)) }
    else {
        $classes = 'person', 'bicycle', 'car', 'motorcycle', 'bus', 'train', 'truck', 'sports ball', 'baseball bat', 'baseball glove', 'cell phone'
        $classes += $classes.Count..79 | ForEach-Object { "class $_" }
        # Copied once, so that its items count as transferred, as those of a checkpoint do.
        $source = New-YoloModel yolo11n -ClassName $classes -Seed 0
        $null = New-YoloModel yolo11n -ClassName $classes | Copy-YoloWeights -Source $source | Export-YoloModel (Join yolo11n.pt)
    }

    $cells = 'RBC', 'WBC', 'Platelets'
    Draw bccd $cells 10
    Draw birds robin, tit, sparrow
    Draw drones drone
    Draw coco128 person, car
    $null = New-YoloSampleDataset (Join signdigits) -Task Classify -ClassName @(0..9) -Count 20 -ImageSize 64 -Seed 1
    $names = [string]::Join("`n", @(0..2 | ForEach-Object { "  $($_): $($cells[$_])" }))
    [System.IO.File]::WriteAllText((Join data.yaml), "path: bccd`ntrain: images/train`nval: images/val`nnames:`n$names`n")

    # Photographs: the two that the documents show where they are there, and drawn ones.
    $drawn = [System.IO.Directory]::GetFiles((Join bccd, images, train))
    [array]::Sort($drawn)
    foreach ($folder in 'images', 'photos', 'checkpoints') { $null = [System.IO.Directory]::CreateDirectory((Join $folder)) }
    foreach ($name in 'bus.jpg', 'zidane.jpg') {
        $photo = [System.IO.Path]::Combine($Shared, 'data', 'images', $name)
        $source = if ([System.IO.File]::Exists($photo)) { $photo } else { $drawn[0] }
        [System.IO.File]::Copy($source, (Join images, $name))
    }
    [System.IO.File]::Copy((Join images, bus.jpg), (Join bus.jpg))
    foreach ($number in 0, 1) { [System.IO.File]::Copy($drawn[$number], (Join photos, "photo$number.jpg")) }

    Initialize-Annotation $Path $drawn

    # A model that is trained a little, and the files made from it.
    $model = Import-YoloModel (Join yolo11n.pt) | Set-YoloClass $cells |
        Start-YoloTraining (Join data.yaml) -Epochs 1 -ImageSize 64 -Workers 1 -NoPlots -OutputPath (Join runs, train2)
    $null = $model | Export-YoloModel (Join rbc.pt)
    $null = $model | Export-YoloModel (Join rbc.onnx) -ImageSize 64 -Dynamic
    foreach ($name in 'cells.pt', 'birds.pt', 'download.pt', 'checkpoints/one.pt', 'checkpoints/two.pt') { [System.IO.File]::Copy((Join rbc.pt), (Join $name)) }
    $null = New-YoloModel yolo11n -ClassName cat, dog | Export-YoloModel (Join weights.safetensors)
    $null = New-YoloModel yolo11n-pose -ClassName person | Export-YoloModel (Join yolo11n-pose.pt)
    $catalog = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'src', 'YoloTune.Core'))
    $yaml = [System.IO.Directory]::GetFiles($catalog, 'yolo11.yaml', 'AllDirectories')[0]
    [System.IO.File]::Copy($yaml, (Join yolo11s-small-objects.yaml))

    # runs/train: a run that was stopped before its end.
    $run = [powershell]::Create()
    $run.Runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $run.Runspace.Open()
    $null = $run.AddScript('param($manifest, $model, $data, $output) Import-Module $manifest
        $model | Start-YoloTraining $data -Epochs 12 -ImageSize 64 -Workers 1 -NoPlots -OutputPath $output').AddArgument(
        (Get-Module YoloTune).Path.Replace('.psm1', '.psd1')).AddArgument($model).AddArgument((Join data.yaml)).AddArgument((Join runs, train))
    $running = $run.BeginInvoke()
    $checkpoint = Join runs, train, weights, best.pt
    while (-not $running.IsCompleted -and -not [System.IO.File]::Exists($checkpoint)) { [System.Threading.Thread]::Sleep(20) }
    $run.Stop()
    $run.Runspace.Dispose()
    $run.Dispose()
    if (-not [System.IO.File]::Exists($checkpoint)) { throw 'The run that is to be stopped left no checkpoint.' }
}

# A folder like another one. Weights are linked, not copied: there are 200 MB of them, and who writes a file of that name makes a new one.
function Copy-DocumentFolder([string] $From, [string] $To) {
    $null = [System.IO.Directory]::CreateDirectory($To)
    foreach ($folder in [System.IO.Directory]::GetDirectories($From, '*', 'AllDirectories')) {
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($To, [System.IO.Path]::GetRelativePath($From, $folder)))
    }
    foreach ($file in [System.IO.DirectoryInfo]::new($From).GetFiles('*', 'AllDirectories')) {
        $target = [System.IO.Path]::Combine($To, [System.IO.Path]::GetRelativePath($From, $file.FullName))
        if ($file.Length -gt 1MB) { $null = New-Item -ItemType HardLink -Path $target -Value $file.FullName }
        else { $null = $file.CopyTo($target) }
    }
}

# Annotations in other formats, of the first drawn images: VOC2012, labelme, and COCO's annotations/instances_*.json. One box an image.
function Initialize-Annotation([string] $Path, [string[]] $Image) {
    function Add-File([string] $Name, [string] $Text) {
        $file = [System.IO.Path]::Combine($Path, $Name)
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($file))
        [System.IO.File]::WriteAllText($file, $Text)
    }
    foreach ($number in 0..5) {
        $name = "a$number.jpg"
        $class = ('dog', 'cat')[$number % 2]
        $split = if ($number -lt 2) { ('train2017', 'val2017')[$number] }
        foreach ($folder in @('VOC2012/JPEGImages', 'labelme') + @($split ? @($split, 'annotations') : @())) {
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($Path, $folder))
            [System.IO.File]::Copy($Image[$number], [System.IO.Path]::Combine($Path, $folder, $name))
        }
        Add-File "VOC2012/Annotations/a$number.xml" ("<annotation><filename>$name</filename><size><width>64</width><height>64</height><depth>3</depth></size>" +
            "<object><name>$class</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>40</xmax><ymax>50</ymax></bndbox></object></annotation>")
        Add-File "labelme/a$number.json" ("{`"version`":`"5.0`",`"flags`":{},`"shapes`":[{`"label`":`"$class`",`"points`":[[10,10],[40,50]]," +
            "`"shape_type`":`"rectangle`",`"flags`":{}}],`"imagePath`":`"$name`",`"imageData`":null,`"imageHeight`":64,`"imageWidth`":64}")
        if (-not $split) { continue }
        Add-File "annotations/instances_$split.json" ("{`"images`":[{`"id`":1,`"file_name`":`"$name`",`"width`":64,`"height`":64}]," +
            "`"annotations`":[{`"id`":1,`"image_id`":1,`"category_id`":$(1 + $number),`"bbox`":[10,10,30,40],`"area`":1200,`"iscrowd`":0}]," +
            "`"categories`":[{`"id`":1,`"name`":`"dog`"},{`"id`":2,`"name`":`"cat`"}]}")
    }
}

# Takes away the files that a document exports before it speaks of them in another way, so that it finds the place free as its reader does.
function Clear-ExportTarget([string] $Path, [string] $Text) {
    foreach ($match in [regex]::Matches($Text, 'Export-YoloModel (?:-Path )?([\w.-]+\.\w+)')) {
        $name = $match.Groups[1].Value
        if ($Text.IndexOf($name) -eq $match.Groups[1].Index) { [System.IO.File]::Delete([System.IO.Path]::Combine($Path, $name)) }
    }
}

# The variables that help pages take as given, of which a script defines those that the page uses. Guides take nothing as given.
function Get-DocumentPrelude([string] $Document, [string] $Text) {
    if ($Document -notlike 'docs/en-US/*') { return '' }
    $given = [ordered]@{
        coco       = 'Import-YoloModel yolo11n.pt'
        model      = 'Import-YoloModel runs/train2/weights/best.pt'
        before     = 'Import-YoloModel yolo11n.pt | Set-YoloClass RBC, WBC, Platelets 6> $null'
        after      = 'Import-YoloModel runs/train2/weights/best.pt'
        old        = 'Import-YoloModel yolo11n.pt | Set-YoloClass RBC, WBC, Platelets 6> $null'
        new        = 'Import-YoloModel runs/train2/weights/best.pt'
        oldClasses = "'person', 'car'"
    }
    # Cmdlets that show runs take a model that was trained in the session.
    if ($Text -match '\$model \| \w+-YoloRun') { $given.model += ' | Start-YoloTraining data.yaml -OutputPath runs/given' }
    $lines = foreach ($name in $given.Keys) { if ($Text -match "\`$$name\b") { "`$$name = $($given[$name])" } }
    [string]::Join("`n", @($lines))
}
