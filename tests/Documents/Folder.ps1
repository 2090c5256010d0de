# The folder that the documents are run in: files with the names that they use, and as little in them as possible.
# Only the language, .NET calls, Core commands and the module.

# Fills a folder. The weights of yolo11n are the real ones where the shared data is there, otherwise those of a fresh model, which has the
# same items. Everything else is drawn: sets of five images of 64 pixels.
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
    Draw bccd $cells
    Draw birds robin, tit, sparrow
    Draw drones drone
    Draw coco128 person, car
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

    # A model that is trained a little, and the files made from it.
    $model = Import-YoloModel (Join yolo11n.pt) | Set-YoloClass $cells |
        Start-YoloTraining (Join data.yaml) -Epochs 1 -ImageSize 64 -Workers 1 -NoPlots -OutputPath (Join runs, first)
    $null = $model | Export-YoloModel (Join rbc.pt)
    $null = $model | Export-YoloModel (Join rbc.onnx) -ImageSize 64 -Dynamic
    foreach ($name in 'cells.pt', 'birds.pt', 'checkpoints/one.pt', 'checkpoints/two.pt') { [System.IO.File]::Copy((Join rbc.pt), (Join $name)) }
    $null = New-YoloModel yolo11n -ClassName cat, dog | Export-YoloModel (Join weights.safetensors)
    $yaml = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'src', 'YoloTune.Core', 'Architecture', 'Catalog', 'yolo11.yaml')
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
        model      = 'Import-YoloModel runs/first/weights/best.pt'
        before     = 'Import-YoloModel yolo11n.pt | Set-YoloClass RBC, WBC, Platelets 6> $null'
        after      = 'Import-YoloModel runs/first/weights/best.pt'
        old        = 'Import-YoloModel yolo11n.pt | Set-YoloClass RBC, WBC, Platelets 6> $null'
        new        = 'Import-YoloModel runs/first/weights/best.pt'
        oldClasses = "'person', 'car'"
    }
    $lines = foreach ($name in $given.Keys) { if ($Text -match "\`$$name\b") { "`$$name = $($given[$name])" } }
    [string]::Join("`n", @($lines))
}
