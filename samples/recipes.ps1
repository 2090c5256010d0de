<#
.SYNOPSIS
    Measures recipes for small datasets: COCO weights of YOLO11n to each set's classes, every recipe with the same seeds.
.DESCRIPTION
    Every recipe is trained once for each set and seed. A line for each goes to a CSV file; what stands there already is not trained
    again, so that a series can be stopped and continued. At the end comes an object for each set and recipe: the median over seeds,
    lowest and highest, the mean difference to the first recipe with the same seeds, and the seconds to the figure of -Target.
.EXAMPLE
    ./samples/recipes.ps1 -Recipe Plain, FineTune -Seed 0, 1, 2 -Data bccd/data.yaml -Epochs 10
.EXAMPLE
    ./samples/recipes.ps1 -Data bccd, dice -Quarter -Target @{ bccd = 0.47; dice = 0.12 }
#>
param(
    [string] $Weights = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'weights', 'yolo11n.pt'),
    # Folders with a data.yaml, or such files.
    [string[]] $Data = @([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'data', 'bccd')),
    [ValidateSet('Long', 'Plain', 'Reference', 'Auto', 'ShortWarmup', 'EveryBatch', 'LayerDecay', 'RatesByOrigin',
        'GradualUnfreeze', 'FineTune')]
    [string[]] $Recipe = @('Plain', 'FineTune'),
    [long[]] $Seed = @(0, 1, 2),
    [int] $Epochs = 10,
    [int] $ImageSize = 320,
    # Every fourth training image only.
    [switch] $Quarter,
    # mAP50-95 by the name of a set's folder: how long each recipe needs to it.
    [hashtable] $Target = @{},
    [string] $Precision = 'Auto',
    [string] $OutputPath = [System.IO.Path]::Combine('runs', 'recipes'),
    [string] $Csv = [System.IO.Path]::Combine('runs', 'recipes.csv')
)
$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
$invariant = [cultureinfo]::InvariantCulture
$paths = $ExecutionContext.SessionState.Path

$OutputPath = $paths.GetUnresolvedProviderPathFromPSPath($OutputPath)
$Csv = $paths.GetUnresolvedProviderPathFromPSPath($Csv)
$null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($Csv))
if (-not [System.IO.File]::Exists($Csv)) { [System.IO.File]::WriteAllText($Csv, "set,epochs,recipe,seed,map,map50,best,seconds,curve`n") }
function Get-Result { Import-Csv -LiteralPath $Csv }
$done = @{}
foreach ($line in Get-Result) { $done["$($line.set) $($line.epochs) $($line.recipe) $($line.seed)"] = $true }

# What each recipe adds to the training of a model whose class rows are new. A step for every batch is what a small dataset asks for, so
# that the finer recipes build on it; ShortWarmup changes the default run in that one respect.
function Get-RecipeOption([string] $name) {
    $every = @{ WarmupEpochs = 1; NominalBatchSize = 0 }
    switch ($name) {
        'ShortWarmup' { @{ Epochs = $Epochs; WarmupEpochs = 1 } }
        'EveryBatch' { @{ Epochs = $Epochs; WarmupEpochs = 1; NominalBatchSize = 0 } }
        'LayerDecay' { @{ Stage = New-YoloStage $Epochs -Name all -LayerDecay 0.95 -LayerDecayMinimum 0.1 @every } }
        'RatesByOrigin' { @{ Stage = New-YoloStage $Epochs -Name all -NewMultiplier 5 @every } }
        'Long' { @{ Epochs = $Epochs; Preset = 'Plain' } }
        default { @{ Epochs = $Epochs; Preset = $name } }
    }
}

# The dataset's file, its classes, and a name for the table; a quarter of the training images is a list beside the results.
function Get-Set([string] $path) {
    $path = $paths.GetUnresolvedProviderPathFromPSPath($path)
    if (-not [System.IO.Directory]::Exists($path)) { $path = [System.IO.Path]::GetDirectoryName($path) }
    $name = [System.IO.Path]::GetFileName($path.TrimEnd('/', '\'))
    $check = Test-YoloDataset $path
    $set = @{ Name = $name; Data = $path; Classes = @($check.Classes.ClassName) }
    if (-not $Quarter) { return $set }
    $images = @([System.IO.Directory]::EnumerateFiles([System.IO.Path]::Combine($path, 'images', 'train')) | Sort-Object)
    $folder = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($OutputPath, "$name-quarter")).FullName
    $list = [System.IO.Path]::Combine($folder, 'train.txt')
    [System.IO.File]::WriteAllLines($list, @($images.Where{ $images.IndexOf($_) % 4 -eq 0 }))
    $set.Name = "$name-quarter"
    $set.Data = [System.IO.Path]::Combine($folder, 'data.yaml')
    function Get-Quoted([string] $text) { "'" + $text.Replace("'", "''") + "'" }
    $names = @($set.Classes | ForEach-Object { "  - $(Get-Quoted $_)" })
    [System.IO.File]::WriteAllLines($set.Data, @("path: $(Get-Quoted $path)", "train: $(Get-Quoted $list)", 'val: images/val', 'names:') + $names)
    $set
}

function Invoke-Recipe($set, [string] $name, [long] $number) {
    $model = Import-YoloModel $Weights
    if ($name -eq 'Long') {
        # Built fresh for these classes: the hidden class branch is narrower and starts new (448 of 499 items carry over).
        $model = New-YoloModel $model.Name -ClassName $set.Classes -Seed $number | Copy-YoloWeights -Source $model
    }
    else { $model = $model | Set-YoloClass $set.Classes -Seed $number }
    $recipeOption = Get-RecipeOption $name
    $folder = [System.IO.Path]::Combine($OutputPath, "$($set.Name)-$Epochs-$name-$number")
    $training = @{ Data = $set.Data; ImageSize = $ImageSize; BatchSize = 16; Precision = $Precision; NoPlots = $true }
    $model = $model | Start-YoloTraining -Seed $number -OutputPath $folder @training @recipeOption
    # A run that was stopped is no result; it can be continued, or done again.
    if (-not $model.Run.Completed) { return $false }
    $best = $model.Run.Best
    $curve = $model.Run.Epochs.ForEach{ [string]::Format($invariant, '{0:0}:{1:0.000}', $_.Seconds, $_.MAP) } -join ' '
    [System.IO.File]::AppendAllText($Csv, [string]::Format($invariant, "{0},{1},{2},{3},{4:0.00000},{5:0.00000},{6},{7:0},{8}`n",
            $set.Name, $Epochs, $name, $number, $best.MAP, $best.MAP50, $best.Epoch, $model.Run.Epochs[-1].Seconds, $curve))
    $model.Dispose()
    $true
}

foreach ($path in $Data) {
    $set = Get-Set $path
    foreach ($number in $Seed) {
        foreach ($name in $Recipe) {
            if ($done["$($set.Name) $Epochs $name $number"]) { continue }
            if (-not (Invoke-Recipe $set $name $number)) { return }
        }
    }
}

# The median of numbers, and the mean.
function Get-Median([double[]] $values) {
    $sorted = @($values | Sort-Object)
    $middle = ($sorted.Count - 1) / 2
    ($sorted[[Math]::Floor($middle)] + $sorted[[Math]::Ceiling($middle)]) / 2
}

$results = Get-Result | Where-Object { $_.seed -in $Seed -and $_.recipe -in $Recipe -and $_.epochs -eq $Epochs }
foreach ($group in $results | Group-Object set) {
    $base = @{}
    foreach ($line in $group.Group.Where{ $_.recipe -eq $Recipe[0] }) { $base[$line.seed] = [double]::Parse($line.map, $invariant) }
    foreach ($name in $Recipe) {
        $lines = @($group.Group.Where{ $_.recipe -eq $name })
        if ($lines.Count -eq 0) { continue }
        $maps = [double[]]@($lines.ForEach{ [double]::Parse($_.map, $invariant) })
        $differences = @($lines.Where{ $base.ContainsKey($_.seed) }.ForEach{ [double]::Parse($_.map, $invariant) - $base[$_.seed] })
        $wanted = $Target[$group.Name]
        $times = @(if ($null -ne $wanted) {
                foreach ($line in $lines) {
                    $epoch = $line.curve.Split(' ').Where({ [double]::Parse($_.Split(':')[1], $invariant) -ge $wanted }, 'First')
                    if ($epoch) { [double]::Parse($epoch[0].Split(':')[0], $invariant) } else { [double]::PositiveInfinity }
                }
            })
        [pscustomobject]@{
            Set        = $group.Name
            Recipe     = $name
            Seeds      = $lines.Count
            Median     = [Math]::Round((Get-Median $maps), 3)
            Lowest     = [Math]::Round(($maps | Measure-Object -Minimum).Minimum, 3)
            Highest    = [Math]::Round(($maps | Measure-Object -Maximum).Maximum, 3)
            Difference = if ($differences) { [Math]::Round(($differences | Measure-Object -Average).Average, 3) }
            Seconds    = Get-Median @($lines.ForEach{ [double]::Parse($_.seconds, $invariant) })
            ToTarget   = if ($times) { Get-Median $times }
        }
    }
}
