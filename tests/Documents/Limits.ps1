# Functions that stand before the cmdlets that train. The documents' text is run as pasted and bound by the cmdlets themselves, but a run
# has two epochs in place of a hundred, its images 64 pixels in place of 640, and it draws no pictures, so that all documents take minutes.
# Dot-source this file into the session once the module is imported.
$LimitedCmdlet = @{}
foreach ($name in 'Start-YoloTraining', 'Resume-YoloTraining', 'New-YoloStage', 'Find-YoloLearningRate', 'Save-YoloModel') {
    $LimitedCmdlet[$name] = Get-Command $name -CommandType Cmdlet -ErrorAction Ignore
}

# The arguments of a call without those that were splatted from a hashtable ("-Name:" and a value), which go to the table.
function Split-Argument([object[]] $Arguments, [hashtable] $Table) {
    # Through the pipeline, where the names of parameters keep the mark that tells them from text.
    $rest = @(for ($i = 0; $i -lt $Arguments.Count; $i++) {
            if ($Arguments[$i] -is [string] -and $Arguments[$i] -match '^-(\w+):$') { $Table[$Matches[1]] = $Arguments[++$i] }
            else { , $Arguments[$i] }
        })
    , $rest
}

# Lowers the value of a parameter where it is above the limit; says whether the parameter is there.
function Limit-Argument([object[]] $Arguments, [hashtable] $Table, [string] $Name, [int] $Most) {
    if ($Table.ContainsKey($Name)) {
        if ($Table[$Name] -is [int] -and $Table[$Name] -gt $Most) { $Table[$Name] = $Most }
        return $true
    }
    for ($i = 0; $i -lt $Arguments.Count - 1; $i++) {
        if ("$($Arguments[$i])" -ne "-$Name") { continue }
        if ($Arguments[$i + 1] -is [int] -and $Arguments[$i + 1] -gt $Most) { $Arguments[$i + 1] = $Most }
        return $true
    }
    $false
}

function Start-YoloTraining {
    $table = @{}
    $rest = Split-Argument $args $table
    $hasLength = (Limit-Argument $rest $table Epochs 2) -or (Limit-Argument $rest $table Stage 0)
    if (-not $hasLength) { $table.Epochs = 2 }
    if (-not (Limit-Argument $rest $table ImageSize 64)) { $table.ImageSize = 64 }
    if (-not (Limit-Argument $rest $table Workers 1)) { $table.Workers = 1 }
    if ($rest -notcontains '-NoPlots') { $table.NoPlots = $true }
    if ($MyInvocation.ExpectingInput) { $input | & $LimitedCmdlet['Start-YoloTraining'] @rest @table }
    else { & $LimitedCmdlet['Start-YoloTraining'] @rest @table }
}

function Resume-YoloTraining {
    $table = @{}
    $rest = Split-Argument $args $table
    $null = Limit-Argument $rest $table AdditionalEpochs 1
    if ($MyInvocation.ExpectingInput) { $input | & $LimitedCmdlet['Resume-YoloTraining'] @rest @table }
    else { & $LimitedCmdlet['Resume-YoloTraining'] @rest @table }
}

function New-YoloStage {
    $table = @{}
    $rest = Split-Argument $args $table
    # A preset divides its epochs among its stages and needs six; a stage of the user's own has them as its first argument.
    $isPreset = Limit-Argument $rest $table Preset 0
    $null = Limit-Argument $rest $table Epochs ($isPreset ? 6 : 1)
    if ($rest.Count -gt 0 -and $rest[0] -is [int] -and -not $isPreset) { $rest[0] = 1 }
    & $LimitedCmdlet['New-YoloStage'] @rest @table
}

function Find-YoloLearningRate {
    $table = @{}
    $rest = Split-Argument $args $table
    if (-not (Limit-Argument $rest $table ImageSize 64)) { $table.ImageSize = 64 }
    if (-not (Limit-Argument $rest $table Steps 10)) { $table.Steps = 10 }
    if ($MyInvocation.ExpectingInput) { $input | & $LimitedCmdlet['Find-YoloLearningRate'] @rest @table }
    else { & $LimitedCmdlet['Find-YoloLearningRate'] @rest @table }
}

# Nothing is downloaded: the cmdlet binds the arguments and says what it would do, and the file of the name that is in the folder is handed on.
function Save-YoloModel {
    $table = @{}
    $rest = Split-Argument $args $table
    $more = @{}
    foreach ($name in 'WhatIf', 'Force') { if ($rest -notcontains "-$name" -and -not $table.ContainsKey($name)) { $more[$name] = $true } }
    & $LimitedCmdlet['Save-YoloModel'] @rest @table @more
    if (-not $more.WhatIf) { return }
    foreach ($name in $rest[0]) {
        $file = [System.IO.FileInfo]::new([System.IO.Path]::Combine($PWD.ProviderPath, "$name.pt"))
        if ($file.Exists) { $file }
    }
}
