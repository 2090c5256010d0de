<#
.SYNOPSIS
    The main job in three minutes, on drawn shapes: look, transfer, fine-tune in two stages, measure, predict, save.
    With a real checkpoint in ../shared/data it also shows the real case: yolo11n.pt to three classes.
.DESCRIPTION
    The model it starts from knows eight drawn shapes; samples/train-shapes.ps1 made it. Here it learns three others.
#>
param([string] $Folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'yolotune-quickstart'))
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$null = [System.IO.Directory]::CreateDirectory($Folder)
function Join([string[]] $Name) { [System.IO.Path]::Combine([string[]](@($Folder) + $Name)) }

'1. Draw a dataset of three shapes and check it.'
$classes = 'ring', 'heart', 'gear'
$data = (New-YoloSampleDataset (Join shapes) -Count 150 -ClassName $classes -ImageSize 256 -Seed 1 -Force).FullName
Test-YoloDataset $data | Out-Host

'2. A model that knows eight other shapes. What would carry over to the three, and why not the rest?'
$checkpoint = [System.IO.Path]::Combine($PSScriptRoot, 'shapes', 'shapes.safetensors')
$model = Import-YoloModel $checkpoint
$model | Out-Host
$fresh = New-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, 'shapes', 'shapes.yaml')) -ClassName $classes
Get-YoloTransferPlan $fresh -Source $checkpoint | Where-Object Status -ne Transfer | Out-Host

'3. Give it the new classes: only the class outputs start from scratch. Measure it before training.'
$model = $model | Set-YoloClass $classes
$before = Measure-YoloModel $model -Data $data -ImageSize 160
$before | Out-Host

'4. Fine-tune in two stages: the head alone, then everything.'
# Drawn shapes are far from what the model knows: with so few steps the full rate at once pays, where the preset FineTune unfreezes slowly.
$stage = @{ NominalBatchSize = 0; WarmupEpochs = 0.5; Augmentation = @{ scale = 0.25 } }
$stages = (New-YoloStage 1 -Name head -Freeze Backbone, Neck @stage), (New-YoloStage 9 -Name all -Freeze None @stage)
$model = $model | Start-YoloTraining -Data $data -Stage $stages -ImageSize 160 -OutputPath (Join runs, quickstart)
$model.Run.Epochs | Out-Host

'5. Measure it after training.'
$after = Measure-YoloModel $model -Data $data
$after | Out-Host
[string]::Format([cultureinfo]::InvariantCulture, 'mAP50-95: {0:0.000} before, {1:0.000} after.', [double]$before.MAP, $after.MAP)

'6. What does it see? The annotated pictures are in the folder predictions.'
Invoke-YoloPrediction $model (Join shapes, images, val) -OutputPath (Join predictions) -Force | Where-Object Confidence -gt 0.95 | Out-Host

'7. Save, bring back, compare.'
$file = Join 'shapes.safetensors'
$null = $model | Export-YoloModel -Path $file -Force
$different = @(Compare-YoloModel $model (Import-YoloModel $file) | Where-Object Status -ne Equal)
"$($different.Count) of $(@($model | Get-YoloParameter).Count) items differ."

$weights = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt')
if ([System.IO.File]::Exists($weights)) {
    '8. The real case: COCO weights to three blood cells, the long way and the short one.'
    $coco = Import-YoloModel $weights
    $cells = New-YoloModel yolo11n -ClassName RBC, WBC, Platelets | Copy-YoloWeights -Source $coco
    $cells.Transfer | Out-Host
    $images = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'images')
    Invoke-YoloPrediction $coco $images -OutputPath (Join coco) -Force | Out-Host
    $null = $coco | Set-YoloClass RBC, WBC, Platelets
}
"The files are in $Folder."
