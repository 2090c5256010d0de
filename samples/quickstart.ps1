<#
.SYNOPSIS
    The main job in two minutes, on drawn shapes: build, transfer, look, freeze, save, bring back, compare.
    With a real checkpoint in ../shared/data it also shows the real case: yolo11n.pt to three classes.
#>
param([string] $Folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'yolotune-quickstart'))
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$null = [System.IO.Directory]::CreateDirectory($Folder)

'1. A source of 80 classes and a new model of three.'
$source = New-YoloModel yolo11n -Seed 1
$model = New-YoloModel yolo11n -ClassName circle, square, star
$model | Out-Host

'2. What would carry over, and why not the rest?'
Get-YoloTransferPlan $model -Source $source -Include model.23.cv3.0.* | Where-Object Status -eq ShapeMismatch | Out-Host

'3. Transfer, then freeze the backbone.'
$model = $model | Copy-YoloWeights -Source $source | Set-YoloFreeze -Part Backbone
$model.Transfer | Out-Host
$model | Get-YoloLayer -Index 0, 10, 22, 23 | Out-Host

'4. Save, bring back, compare.'
$file = [System.IO.Path]::Combine($Folder, 'shapes.safetensors')
$null = $model | Export-YoloModel -Path $file -Force
$back = Import-YoloModel $file
$different = @(Compare-YoloModel $model $back | Where-Object Status -ne Equal)
"$back came back with $($different.Count) differing items."

'5. Draw a dataset and check it.'
$data = New-YoloSampleDataset ([System.IO.Path]::Combine($Folder, 'shapes')) -Count 20 -ClassName circle, square, star -Force
Test-YoloDataset $data.FullName | Out-Host

$checkpoint = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt')
if ([System.IO.File]::Exists($checkpoint)) {
    '6. The real case: COCO weights to three blood cells.'
    $coco = Import-YoloModel $checkpoint
    $cells = New-YoloModel yolo11n -ClassName RBC, WBC, Platelets | Copy-YoloWeights -Source $coco
    $cells.Transfer | Out-Host

    '7. What does the pretrained model see?'
    $images = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'images')
    Invoke-YoloPrediction $coco $images -OutputPath ([System.IO.Path]::Combine($Folder, 'predictions')) | Out-Host
}
"The files are in $Folder."
