#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'New-YoloStage' {
    It 'makes a stage that leaves everything else to the run' {
        $stage = New-YoloStage 3
        $stage.Epochs | Should -Be 3
        $stage.Freeze | Should -BeNullOrEmpty
        $stage.LearningRate | Should -BeNullOrEmpty
        $stage.Schedule | Should -Be Restart
    }

    It 'reads <Words> as <Meaning>' -ForEach @(
        @{ Words = 10; Meaning = 'the first 10 layers' }
        @{ Words = 1, 2; Meaning = 'layers 1, 2' }
        @{ Words = @(, 3); Meaning = 'layer 3' }
        @{ Words = 'backbone'; Meaning = 'backbone' }
        @{ Words = 'All'; Meaning = 'everything' }
        @{ Words = 'Backbone', 'Neck'; Meaning = 'backbone and neck' }
        @{ Words = 'Transferred'; Meaning = 'transferred items' }
        @{ Words = 'model.23.*'; Meaning = 'items named model.23.*' }
        @{ Words = 'None'; Meaning = 'nothing' }
    ) {
        "$((New-YoloStage 3 -Freeze $Words).Freeze)" | Should -Be $Meaning
    }

    It 'gives the stages of <Preset>' -ForEach @(
        @{ Preset = 'FineTune'; Names = 'head', 'all' }
        @{ Preset = 'GradualUnfreeze'; Names = 'head', 'neck', 'backbone 32', 'backbone 16', 'backbone 8', 'all' }
    ) {
        $stages = New-YoloStage -Preset $Preset -Epochs 10
        $stages.Name | Should -Be $Names
        ($stages | Measure-Object Epochs -Sum).Sum | Should -Be 10
        "$($stages[-1].Freeze)" | Should -Be 'nothing'
    }

    It 'shows what a stage freezes' {
        New-YoloStage -Preset GradualUnfreeze -Epochs 10 | Out-String -Width 100 | Should -BeLike '*backbone below stride 32*'
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'fewer epochs than stages'; Arguments = @{ Preset = 'GradualUnfreeze'; Epochs = 3 }; Id = 'Selection,*' }
        @{ Case = 'one epoch for two stages'; Arguments = @{ Preset = 'FineTune'; Epochs = 1 }; Id = 'Selection,*' }
        @{ Case = 'no epochs'; Arguments = @{ Epochs = 0 }; Id = 'ParameterArgumentValidationError,*' }
        @{ Case = 'a factor in words'; Arguments = @{ Epochs = 3; PartMultiplier = @{ Head = 'much' } }; Id = 'Selection,*' }
        @{ Case = 'an excepted class where nothing is frozen'; Arguments = @{ Epochs = 3; ExceptClass = 'circle' }; Id = 'Selection,*' }
        @{ Case = 'a part that does not exist'; Arguments = @{ Epochs = 3; PartMultiplier = @{ Tail = 2 } }; Id = 'Selection,*' }
        @{ Case = 'an augmentation that does not exist'; Arguments = @{ Epochs = 3; Augmentation = @{ nonsense = 2 } }; Id = 'Selection,*' }
        @{ Case = 'a word that says nothing'; Arguments = @{ Epochs = 3; Freeze = 'Bakcbone' }; Id = 'ParameterArgumentTransformationError,*' }
    ) {
        { New-YoloStage @Arguments -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
}

Describe 'Start-YoloTraining -Stage' {
    BeforeAll {
        . (Join-Path $PSScriptRoot TinyTraining.ps1)
        $data = New-YoloSampleDataset (Join-Path $TestDrive shapes) -Count 8 -ClassName circle, square -ImageSize 64
        $model = New-TinyModel
        $common = @{ Data = $data; ImageSize = 64; BatchSize = 4; Workers = 1; NoPlots = $true }
    }

    It 'runs stages as one run and marks the model as it was' {
        $stages = (New-YoloStage 1 -Name head -Freeze Backbone), (New-YoloStage 1 -Name all -Freeze None -NewMultiplier 2)
        $trained = $model | Start-YoloTraining @common -Stage $stages -OutputPath (Join-Path $TestDrive run)
        [object]::ReferenceEquals($trained, $model) | Should -BeTrue
        $trained.Run.Epochs.Stage | Should -Be head, all
        (Import-Csv (Join-Path $TestDrive run results.csv)).stage | Should -Be head, all
        ($model | Get-YoloLayer 0).Frozen | Should -Be None
        ($model | Get-YoloLayer 0).LearningRateMultiplier | Should -Be 1
    }

    It 'is resumed in the stage it was in' {
        (Get-YoloRun (Join-Path $TestDrive run)).Epochs.Stage | Should -Be head, all
        $again = Resume-YoloTraining (Join-Path $TestDrive run) -AdditionalEpochs 1
        $again.Run.Epochs.Stage | Should -Be head, all, all
        $again.Run.Stage | Should -Be head, all
    }

    It 'refuses <Case> before anything is written' -ForEach @(
        @{ Case = 'a selection that matches nothing'; Stage = { New-YoloStage 1 -Freeze Transferred } }
        @{ Case = 'a factor for transferred items where none is'; Stage = { New-YoloStage 1 -TransferredMultiplier 2 } }
    ) {
        $folder = Join-Path $TestDrive none
        { $model | Start-YoloTraining @common -Stage (& $Stage) -OutputPath $folder -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $folder | Should -Not -Exist
    }

    It 'refuses -Epochs beside -Stage' {
        { $model | Start-YoloTraining @common -Stage (New-YoloStage 1) -Epochs 2 -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
    }
}
