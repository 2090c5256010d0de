<#
.SYNOPSIS
    The real thing: COCO weights of YOLO11n to a blood-cell detector (BCCD, 205 training images, 3 classes), the short way or the long way.
.EXAMPLE
    ./samples/finetune-bccd.ps1 -Weights yolo11n.pt -Data bccd/data.yaml -Seed 0, 1, 2
#>
param(
    [string] $Weights = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt'),
    [string] $Data = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'bccd', 'data.yaml'),
    [ValidateSet('Short', 'Long', 'Frozen', 'LongFrozen')] [string[]] $Way = 'Short',
    [long[]] $Seed = 0,
    [int] $Epochs = 10,
    [int] $ImageSize = 320,
    [string] $OutputPath = [System.IO.Path]::Combine('runs', 'bccd'),
    [string] $Precision = 'Float32'
)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$classes = 'RBC', 'WBC', 'Platelets'

foreach ($name in $Way) {
    foreach ($number in $Seed) {
        $model = Import-YoloModel $Weights
        if ($name -in 'Long', 'LongFrozen') {
            # Built fresh for three classes: the hidden class branch is narrower and starts new (448 of 499 items carry over).
            $model = New-YoloModel $model.Name -ClassName $classes -Seed $number | Copy-YoloWeights -Source $model
        }
        else {
            # Only the class rows are new (493 of 499 items stay).
            $model = $model | Set-YoloClass $classes -Seed $number
        }
        if ($name -in 'Frozen', 'LongFrozen') { $model = $model | Set-YoloFreeze -First 10 }
        $training = @{ Epochs = $Epochs; ImageSize = $ImageSize; BatchSize = 16; Precision = $Precision; Preset = 'Plain' }
        $model = $model | Start-YoloTraining -Data $Data -Seed $number -OutputPath $OutputPath @training
        [pscustomobject]@{ Way = $name; Seed = $number; MAP = $model.Run.Best.MAP; MAP50 = $model.Run.Best.MAP50; Epoch = $model.Run.Best.Epoch; Folder = $model.Run.Directory }
    }
}
