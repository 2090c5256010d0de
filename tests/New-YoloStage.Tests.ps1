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

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'fewer epochs than stages'; Arguments = @{ Preset = 'GradualUnfreeze'; Epochs = 3 }; Id = 'Selection,*' }
        @{ Case = 'a part that does not exist'; Arguments = @{ Epochs = 3; PartMultiplier = @{ Tail = 2 } }; Id = 'Selection,*' }
        @{ Case = 'an augmentation that does not exist'; Arguments = @{ Epochs = 3; Augmentation = @{ nonsense = 2 } }; Id = 'Selection,*' }
        @{ Case = 'a word that says nothing'; Arguments = @{ Epochs = 3; Freeze = 'Bakcbone' }; Id = 'ParameterArgumentTransformationError,*' }
    ) {
        { New-YoloStage @Arguments -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
}

Describe 'Start-YoloTraining -Stage' {
    BeforeAll {
        $data = New-YoloSampleDataset (Join-Path $TestDrive shapes) -Count 8 -ClassName circle, square
        $model = New-YoloModel yolo11n -ClassName circle, square
        $common = @{ Data = $data; ImageSize = 64; BatchSize = 4; Workers = 1; NoPlots = $true }
    }

    It 'runs stages as one run and marks the model as it was' {
        $stages = (New-YoloStage 1 -Name head -Freeze Backbone, Neck), (New-YoloStage 1 -Name all -Freeze None -NewMultiplier 2)
        $trained = $model | Start-YoloTraining @common -Stage $stages -OutputPath (Join-Path $TestDrive run)
        [object]::ReferenceEquals($trained, $model) | Should -BeTrue
        $trained.Run.Epochs.Stage | Should -Be head, all
        (Import-Csv (Join-Path $TestDrive run results.csv)).stage | Should -Be head, all
        ($model | Get-YoloLayer 0).Frozen | Should -Be None
        ($model | Get-YoloLayer 0).LearningRateMultiplier | Should -Be 1
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
