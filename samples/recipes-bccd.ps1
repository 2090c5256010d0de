<#
.SYNOPSIS
    Measures recipes for small datasets: COCO weights of YOLO11n to a blood-cell detector (BCCD, 205 training images, 3 classes), 10 epochs.
.DESCRIPTION
    Every recipe is trained once for each seed. A line for each goes to a CSV file and down the pipeline as an object. What stands in the CSV
    file already is not trained again, so that a series can be stopped and gone on with.
.EXAMPLE
    ./samples/recipes-bccd.ps1 -Recipe Short, FineTune -Seed 0, 1, 2
#>
param(
    [string] $Weights = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt'),
    [string] $Data = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'bccd', 'data.yaml'),
    [ValidateSet('Long', 'Short', 'ShortWarmup', 'EveryBatch', 'LayerDecay', 'RatesByOrigin', 'GradualUnfreeze', 'FineTune')]
    [string[]] $Recipe = @('Long', 'Short', 'ShortWarmup', 'EveryBatch', 'LayerDecay', 'RatesByOrigin', 'GradualUnfreeze', 'FineTune'),
    [long[]] $Seed = @(0, 1, 2),
    [int] $Epochs = 10,
    [int] $ImageSize = 320,
    [string] $Precision = 'Auto',
    [string] $OutputPath = [System.IO.Path]::Combine('runs', 'recipes'),
    [string] $Csv = [System.IO.Path]::Combine('runs', 'recipes.csv')
)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$classes = 'RBC', 'WBC', 'Platelets'
$invariant = [cultureinfo]::InvariantCulture

$Csv = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Csv)
$null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($Csv))
if (-not [System.IO.File]::Exists($Csv)) { [System.IO.File]::WriteAllText($Csv, "recipe,seed,map,map50,epoch,seconds,folder`n") }
$done = @{}
foreach ($line in [System.IO.File]::ReadLines($Csv)) { $cells = $line.Split(','); $done["$($cells[0]) $($cells[1])"] = $true }

# What each recipe adds to the training of a model whose class rows are new. A step for every batch is what a small dataset asks for, so that
# the finer recipes build on it; ShortWarmup changes the default run in that one respect.
function Get-RecipeOption([string] $name) {
    switch ($name) {
        'ShortWarmup' { @{ Epochs = $Epochs; WarmupEpochs = 1 } }
        'EveryBatch' { @{ Epochs = $Epochs; WarmupEpochs = 1; NominalBatchSize = 0 } }
        'LayerDecay' { @{ Stage = New-YoloStage $Epochs -Name all -LayerDecay 0.95 -LayerDecayMinimum 0.1 -WarmupEpochs 1 -NominalBatchSize 0 } }
        'RatesByOrigin' { @{ Stage = New-YoloStage $Epochs -Name all -NewMultiplier 5 -WarmupEpochs 1 -NominalBatchSize 0 } }
        'GradualUnfreeze' { @{ Stage = New-YoloStage -Preset GradualUnfreeze -Epochs $Epochs } }
        'FineTune' { @{ Stage = New-YoloStage -Preset FineTune -Epochs $Epochs } }
        default { @{ Epochs = $Epochs } }
    }
}

foreach ($number in $Seed) {
    foreach ($name in $Recipe) {
        if ($done["$name $number"]) { continue }
        $model = Import-YoloModel $Weights
        if ($name -eq 'Long') {
            # Built fresh for three classes: the hidden class branch is narrower and starts new (448 of 499 items carry over).
            $model = New-YoloModel $model.Name -ClassName $classes -Seed $number | Copy-YoloWeights -Source $model
        }
        else { $model = $model | Set-YoloClass $classes -Seed $number }
        $recipeOption = Get-RecipeOption $name
        $folder = [System.IO.Path]::Combine($OutputPath, "$name-$number")
        $model = $model | Start-YoloTraining -Data $Data -ImageSize $ImageSize -BatchSize 16 -Seed $number -Precision $Precision -OutputPath $folder -NoPlots @recipeOption
        # A run that was stopped is no result; it can be gone on with, or done again.
        if (-not $model.Run.Completed) { return }
        $best = $model.Run.Best
        $seconds = $model.Run.Epochs[-1].Seconds
        [System.IO.File]::AppendAllText($Csv, [string]::Format($invariant, "{0},{1},{2:0.00000},{3:0.00000},{4},{5:0},{6}`n",
                $name, $number, $best.MAP, $best.MAP50, $best.Epoch, $seconds, $model.Run.Directory))
        [pscustomobject]@{ Recipe = $name; Seed = $number; MAP = $best.MAP; MAP50 = $best.MAP50; Epoch = $best.Epoch; Seconds = $seconds; Folder = $model.Run.Directory }
        $model.Dispose()
    }
}
