<#
.SYNOPSIS
    Adds one class to a COCO detector in four ways, and shows what each does to the 80 classes it knew.
.DESCRIPTION
    The new class is a drawn star, from a dataset that names no other class. The old classes are measured on coco128 (the figures are of
    images the model knows; what counts here is the difference).

    Rows    only the rows of the new class train: the old classes keep every digit
    Plain   everything trains on the new images alone: the old classes are forgotten
    Replay  everything trains, and every epoch shows old images beside the new ones
    Merge   everything trains on the new images alone; then the model on the way back to the old one that is best at both
.EXAMPLE
    ./samples/add-class.ps1 -Weights yolo11n.pt -OldData coco128/coco128.yaml
#>
param(
    [string] $Weights = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt'),
    [string] $OldData = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'coco128'),
    [ValidateSet('Rows', 'Plain', 'Replay', 'Merge')] [string[]] $Way = @('Rows', 'Plain', 'Replay', 'Merge'),
    [int] $Count = 64,
    [int] $Epochs = 5,
    [int] $ImageSize = 320,
    [string] $OutputPath = [System.IO.Path]::Combine('runs', 'add-class')
)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))

$folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath([System.IO.Path]::Combine($OutputPath, 'stars'))
$stars = if ([System.IO.Directory]::Exists($folder)) { $folder } else { New-YoloSampleDataset $folder -Count $Count -ClassName star }

$model = Import-YoloModel $Weights
$old = $model.ClassNames
$before = $model | Measure-YoloModel $OldData -ImageSize $ImageSize
[pscustomobject]@{ Way = 'Before'; OldMAP = $before.MAP; OldUnchanged = $true; NewMAP = $null }

foreach ($name in $Way) {
    $model = Import-YoloModel $Weights | Add-YoloClass star
    $training = @{ Data = $stars; Epochs = $Epochs; ImageSize = $ImageSize; NominalBatchSize = 0; WarmupEpochs = 1; NoPlots = $true }
    $training.OutputPath = [System.IO.Path]::Combine($OutputPath, $name)
    switch ($name) {
        'Rows' { $model = $model | Set-YoloFreeze -All -ExceptClass star; $training.LearningRate = 0.02 }
        { $_ -in 'Plain', 'Merge' } { $training.LearningRate = 0.001 }
        'Replay' { $training.LearningRate = 0.001; $training.ReplayData = $OldData; $training.ReplayRatio = 2 }
    }
    $model = $model | Start-YoloTraining @training
    if ($name -eq 'Merge') {
        $merge = @{ Original = $Weights; Data = $stars; OldData = $OldData; ImageSize = $ImageSize; Weight = (0..10).ForEach{ $_ / 10 } }
        $curve = Merge-YoloModel $model @merge
        $curve | Out-Host
        # Old and new count alike, each as a fraction of what its own end of the line reaches.
        $model = ($curve | Sort-Object { $_.OldMAP / $curve[0].OldMAP + $_.NewMAP / $curve[-1].NewMAP })[-1].Model
    }
    # Of the old classes alone, so that the new one takes no place among the detections.
    $kept = $model | Measure-YoloModel $OldData -ImageSize $ImageSize -Class $old
    $learned = $model | Measure-YoloModel $stars -ImageSize $ImageSize -NewClass star
    [pscustomobject]@{
        Way          = $name
        OldMAP       = $kept.MAP
        OldUnchanged = $kept.MAP -eq $before.MAP -and $kept.MAP50 -eq $before.MAP50
        NewMAP       = ($learned.Groups | Where-Object Name -EQ New).MAP
    }
}
