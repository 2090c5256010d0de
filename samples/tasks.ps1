<#
.SYNOPSIS
    A model of every task on drawn shapes, each trained from the weights of one small detector:
    boxes, masks, keypoints, oriented boxes, classes.
.DESCRIPTION
    The detector knows eight drawn shapes. Each model has its backbone and, where the task has one, its neck; the head of the task is new.
#>
param([string] $Folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'yolotune-tasks'), [int] $Epochs = 12)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$Folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
$null = [System.IO.Directory]::CreateDirectory($Folder)
function Join([string[]] $Name) { [System.IO.Path]::Combine([string[]](@($Folder) + $Name)) }

$shapes = [System.IO.Path]::Combine($PSScriptRoot, 'shapes')
$detector = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($shapes, 'shapes.yaml'))
$weights = [System.IO.Path]::Combine($shapes, 'shapes.safetensors')
$classes = 'arrow', 'star', 'heart'

# The last row of the architecture is the head; a classifier ends with the backbone and has no neck.
function New-Architecture([string] $Task, [string] $Head) {
    $lines = if ($Task -eq 'Classify') { @($detector[0..([array]::IndexOf($detector, 'head:'))]) + '  - [-1, 1, Classify, [nc]]' }
    else { @($detector -replace 'Detect, \[nc\]', $Head) }
    if ($Task -eq 'Pose') { $lines = @('kpt_shape: [3, 3]') + $lines }
    $path = Join "shapes-$($Task.ToLowerInvariant()).yaml"
    [System.IO.File]::WriteAllLines($path, [string[]] $lines)
    $path
}

$tasks = [ordered]@{
    Detect   = @{ Head = 'Detect, [nc]'; Value = { $_.MAP } ; Name = 'mAP50-95 of boxes' }
    Segment  = @{ Head = 'Segment, [nc, 32, 256]'; Value = { $_.Mask.MAP }; Name = 'mAP50-95 of masks' }
    Pose     = @{ Head = 'Pose, [nc, [3, 3]]'; Value = { $_.Pose.MAP }; Name = 'mAP50-95 of keypoints' }
    Obb      = @{ Head = 'OBB, [nc, 1]'; Value = { $_.MAP }; Name = 'mAP50-95 of oriented boxes' }
    Classify = @{ Head = 'Classify, [nc]'; Value = { $_.Top1 }; Name = 'top-1 accuracy' }
}
$table = foreach ($task in $tasks.Keys) {
    $name = $task.ToLowerInvariant()
    $data = (New-YoloSampleDataset (Join $name) -Task $task -ClassName $classes -Count 120 -ImageSize 128 -Seed 1 -Force).FullName
    $model = New-YoloModel (New-Architecture $task $tasks[$task].Head) -ClassName $classes -Seed 1
    # Layers that have the same shape in the detector begin with its weights.
    $model = $model | Copy-YoloWeights -Source $weights -InformationAction Ignore
    $training = @{ Epochs = $Epochs; ImageSize = 128; LearningRate = 0.002; NominalBatchSize = 0; CloseMosaic = $Epochs }
    $model = $model | Start-YoloTraining -Data $data @training -OutputPath (Join runs, $name) -InformationAction Ignore
    $measured = Measure-YoloModel $model -Data $data
    # A picture of every validation image, and the results as rows beside it.
    $images = if ($task -eq 'Classify') { Join $name, val, * } else { Join $name, images, val }
    $found = @(Invoke-YoloPrediction $model $images -OutputPath (Join seen, $name) -Force)
    [pscustomobject]@{
        Task     = $task
        Transfer = "$($model.Transfer.Transferred)/$($model.Transfer.Total) items"
        Measure  = $tasks[$task].Name
        Value    = [Math]::Round(($measured | ForEach-Object $tasks[$task].Value), 3)
        Found    = $found.Count
        Seconds  = [Math]::Round($model.Run.Epochs[-1].Seconds)
    }
}
$table | Format-Table | Out-Host
"The pictures are in $(Join seen)."
