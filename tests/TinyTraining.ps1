# For specs that train: a network of a few thousand weights and a drawn dataset, small enough for a second.
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))

function New-TinyModel([string[]] $ClassName = @('circle', 'square')) {
    $file = [System.IO.Path]::Combine($TestDrive, 'tiny.yaml')
    [System.IO.File]::WriteAllText($file, @'
nc: 2
reg_max: 4
scale: n
scales:
  n: [1.0, 1.0, 1024]
backbone:
  - [-1, 1, Conv, [8, 3, 2]]
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Conv, [16, 3, 2]]
head:
  - [[2, 3], 1, Detect, [nc]]
'@)
    New-YoloModel $file -ClassName $ClassName
}

function New-TinyDataset([string] $Name = 'data') {
    (New-YoloSampleDataset ([System.IO.Path]::Combine($TestDrive, $Name)) -Count 12 -ClassName circle, square -ImageSize 96 -Force).FullName
}

function New-TinyOption([string] $Data, [string] $Name) {
    @{
        Data = $Data; Epochs = 2; ImageSize = 64; BatchSize = 4; Workers = 1; Precision = 'Float32'; NoPlots = $true
        OutputPath = [System.IO.Path]::Combine($TestDrive, 'runs', $Name); InformationAction = 'Ignore'
    }
}
