#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# A whole way, step by step, to be read as an example: a model that knows eight drawn shapes learns three others. Each step works on what the
# one before it left. With yolo11n.pt and a dataset of your own the commands are the same.

Describe 'From a checkpoint to a detector of other classes' {
    BeforeAll {
        Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
        Push-Location $TestDrive
        $InformationPreference = 'Ignore'
        $checkpoint = [System.IO.Path]::Combine($PSScriptRoot, '..', 'samples', 'shapes', 'shapes.safetensors')
        $architecture = [System.IO.Path]::Combine($PSScriptRoot, '..', 'samples', 'shapes', 'shapes.yaml')
        $classes = 'ring', 'heart', 'gear'
    }

    AfterAll { Pop-Location }

    It 'looks at the dataset first' {
        $script:data = (New-YoloSampleDataset shapes -Count 40 -ClassName $classes -ImageSize 128 -Seed 1).FullName
        $script:report = Test-YoloDataset $data
        $report.Problems | Should -BeNullOrEmpty
        $report.Names | Should -Be $classes
    }

    It 'inspects the checkpoint' {
        $script:source = Import-YoloModel $checkpoint
        $source.ClassNames | Should -HaveCount 8
        ($source | Get-YoloLayer -Part Head).Type | Should -Be Detect
    }

    It 'plans the transfer before it acts: only the class outputs stay behind' {
        $script:model = New-YoloModel $architecture -ClassName $classes
        $script:plan = Get-YoloTransferPlan $model -Source $source
        $script:behind = $plan | Where-Object Status -NE Transfer
        $behind | Should -HaveCount 6
        $behind.Reason | Select-Object -Unique | Should -Be 'class output has one row per class: 8 in the source, 3 here'
        $model | Get-YoloParameter -Origin Transferred | Should -BeNullOrEmpty
    }

    It 'transfers as planned, and every item knows where it came from' {
        $script:model = $model | Copy-YoloWeights -Source $source
        "$($model.Transfer)" | Should -BeLike 'Transferred 493/499 items from shapes*'
        ($model | Get-YoloParameter -Origin New).Name | Should -Be $behind.Name
    }

    It 'freezes what is learned, so that only the new rows train at first' {
        $script:model = $model | Set-YoloFreeze -Origin Transferred
        $model.TrainableParameterCount | Should -Be ($model | Get-YoloParameter -Origin New | Measure-Object Count -Sum).Sum
        $script:model = $model | Set-YoloFreeze -None
        $model.TrainableParameterCount | Should -BeGreaterThan 800000
    }

    It 'trains in two stages as one run' {
        $script:before = Measure-YoloModel $model -Data $data -ImageSize 128
        $head = New-YoloStage 1 -Name head -Freeze Backbone, Neck -NominalBatchSize 0
        $all = New-YoloStage 3 -Name all -Freeze None -NominalBatchSize 0 -WarmupEpochs 0.5
        $script:model = $model | Start-YoloTraining $data -Stage $head, $all -ImageSize 128 -BatchSize 8 -OutputPath runs/shapes -NoPlots
        $model.Run.Completed | Should -BeTrue
        $model.Run.Epochs.Stage | Should -Be head, all, all, all
        $model.Run.Epochs[-1].ClassLoss | Should -BeLessThan $model.Run.Epochs[0].ClassLoss
    }

    It 'measures better than before' {
        $script:after = Measure-YoloModel $model -Data $data -ImageSize 128
        $after.MAP50 | Should -BeGreaterThan $before.MAP50
        $after.PerClass.ClassName | Should -Be $classes
    }

    It 'finds objects on pictures and draws them' {
        $script:found = Invoke-YoloPrediction $model shapes/images/val -ImageSize 128 -Confidence 0.05 -OutputPath seen
        $found | Should -Not -BeNullOrEmpty
        $found.ClassName | Should -BeIn $classes
        Get-ChildItem seen -File | Should -HaveCount 8
    }

    It 'exports as <_> and comes back with the same boxes' -ForEach 'shapes.pt', 'shapes.safetensors', 'shapes.onnx' {
        $arguments = $_ -like '*.onnx' ? @{ ImageSize = 128; Dynamic = $true } : @{}
        $null = $model | Export-YoloModel $_ @arguments
        $again = $_ -like '*.onnx' ? $_ : (Import-YoloModel $_)
        $boxes = Invoke-YoloPrediction $again shapes/images/val -ImageSize 128 -Confidence 0.05
        $boxes | Should -HaveCount @($found).Count
        $boxes[0].ClassName | Should -Be $found[0].ClassName
        [Math]::Abs($boxes[0].X1 - $found[0].X1) | Should -BeLessThan 0.1
    }

    It 'finds nothing changed in what came back' {
        Compare-YoloModel $model (Import-YoloModel shapes.pt) | Where-Object Status -NE Equal | Should -BeNullOrEmpty
    }
}
