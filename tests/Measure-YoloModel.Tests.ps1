#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    # A model that knows these shapes: the one that the quickstart starts from.
    $model = Import-YoloModel (Join-Path $PSScriptRoot .. samples shapes shapes.safetensors)
    $data = (New-YoloSampleDataset (Join-Path $TestDrive 'drawn [1]') -Count 10 -ClassName $model.ClassNames -Seed 77).FullName
    $images = Join-Path (Split-Path $data) images val
}

Describe 'Measure-YoloModel' {
    It 'measures precision, recall and mean average precision' {
        $metrics = $model | Measure-YoloModel $data -ImageSize 160
        $metrics.MAP | Should -BeGreaterThan 0.3
        $metrics.MAP50 | Should -BeGreaterOrEqual $metrics.MAP
        $metrics.ImageCount | Should -Be 2
    }

    It 'tells the classes apart' {
        $metrics = Measure-YoloModel $model $data -Split train -ImageSize 160
        $metrics.PerClass.ClassName | Should -BeIn $model.ClassNames
        ($metrics.PerClass | Measure-Object Instances -Sum).Sum | Should -Be $metrics.Instances
    }

    It 'measures the classes that are asked for, and refuses a pattern that fits none' {
        $names = $model.ClassNames -like 'c*'
        (Measure-YoloModel $model $data -Split train -ImageSize 96 -Class c*).PerClass.ClassName | Should -BeIn $names
        { Measure-YoloModel $model $data -ImageSize 96 -Class zebra* -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'says what it was measured with' {
        (Measure-YoloModel $model $data -ImageSize 96 -Confidence 0.01 -IoU 0.6).Settings.IoU | Should -Be 0.6
    }

    It 'shows the confidence that precision and recall belong to' {
        $metrics = Measure-YoloModel $model $data -ImageSize 160
        $metrics.BestConfidence | Should -Be $metrics.Curves.BestConfidence
        ($metrics | Out-String) | Should -BeLike ([string]::Format([cultureinfo]::InvariantCulture, '*P and R at confidence {0:0.000}*', $metrics.BestConfidence))
    }

    It 'takes the fastest number format of the device with -Precision Auto, and says which' {
        $fast = (Get-YoloDevice | Where-Object Name -EQ cpu).BFloat16 ? 'BFloat16' : 'Float32'
        (Measure-YoloModel $model $data -ImageSize 96 -Precision Auto).Settings.Precision | Should -Be $fast
        (Measure-YoloModel $model $data -ImageSize 96).Settings.Precision | Should -Be Float32
    }

    It 'leaves the model as it was' {
        $before = Import-YoloModel (Join-Path $PSScriptRoot .. samples shapes shapes.safetensors)
        $null = Measure-YoloModel $model $data -ImageSize 96
        @(Compare-YoloModel $before $model | Where-Object Status -NE Equal) | Should -BeNullOrEmpty
    }

    It 'refuses a split that is not there and names those that are' {
        { Measure-YoloModel $model $data -Split test -ErrorAction Stop } | Should -Throw '*train*val*'
    }

    It 'refuses a dataset of more classes than the model has' {
        $other = Import-YoloModel (Join-Path $PSScriptRoot .. samples shapes shapes.safetensors) | Set-YoloClass ring 6> $null
        { Measure-YoloModel $other $data -ImageSize 96 -ErrorAction Stop } | Should -Throw
    }
}
