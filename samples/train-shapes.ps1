<#
.SYNOPSIS
    Trains the small model of samples/shapes from nothing on drawn shapes. samples/quickstart.ps1 fine-tunes it to other shapes.
.DESCRIPTION
    The dataset is drawn from a seed, so the model can be made again at any time.
.EXAMPLE
    ./samples/train-shapes.ps1 -OutputPath runs/shapes
#>
param(
    [int] $Epochs = 80,
    [int] $Count = 500,
    [long] $Seed = 0,
    [string] $OutputPath = [System.IO.Path]::Combine('runs', 'shapes'),
    [string] $Destination = [System.IO.Path]::Combine($PSScriptRoot, 'shapes', 'shapes.safetensors')
)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))

$classes = 'circle', 'square', 'triangle', 'star', 'cross', 'hexagon', 'diamond', 'arrow'
$data = New-YoloSampleDataset ([System.IO.Path]::Combine($OutputPath, 'data')) -Count $Count -ClassName $classes -ImageSize 256 -Seed $Seed -Force

$model = New-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, 'shapes', 'shapes.yaml')) -ClassName $classes -Seed $Seed |
    Start-YoloTraining -Data $data.FullName -Epochs $Epochs -ImageSize 160 -BatchSize 16 -Seed $Seed -OutputPath ([System.IO.Path]::Combine($OutputPath, 'train'))
$null = $model | Export-YoloModel -Path $Destination -Half -Force
[pscustomobject]@{ MAP = $model.Run.Best.MAP; MAP50 = $model.Run.Best.MAP50; Bytes = [System.IO.FileInfo]::new($Destination).Length }
