#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $data = New-TinyDataset
}

Describe 'Resume-YoloTraining' {
    It 'makes a finished run longer' {
        $option = New-TinyOption $data longer
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        $more = $run | Resume-YoloTraining -AdditionalEpochs 1 -InformationAction Ignore
        $more.Run.Epochs.Epoch | Should -Be 1, 2, 3
        (Import-Csv (Join-Path $run.Directory results.csv)) | Should -HaveCount 3
    }

    It 'wants -AdditionalEpochs for a finished run' {
        $option = New-TinyOption $data finished
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        { Resume-YoloTraining $run.Directory -ErrorAction Stop } | Should -Throw '*-AdditionalEpochs*'
    }

    It 'falls back to the checkpoint before a damaged one and says so' {
        $option = New-TinyOption $data damaged
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        $file = Join-Path $run.Directory weights resume.safetensors
        $bytes = [System.IO.File]::ReadAllBytes($file)
        $bytes[-5] = $bytes[-5] -bxor 0x10
        [System.IO.File]::WriteAllBytes($file, $bytes)
        $resumed = Resume-YoloTraining $run.Directory -WarningVariable told -WarningAction SilentlyContinue -InformationAction Ignore
        $resumed.Run.Epochs.Epoch | Should -Be 1, 2
        "$told" | Should -BeLike '*damaged*'
    }

    It 'asks for the dataset when it has moved, and takes it' {
        $moving = New-TinyDataset moving
        $option = New-TinyOption $moving moved
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        Rename-Item (Split-Path $moving) elsewhere
        { Resume-YoloTraining $run.Directory -AdditionalEpochs 1 -ErrorAction Stop } | Should -Throw '*-Data*'
        $there = Join-Path $TestDrive elsewhere data.yaml
        (Resume-YoloTraining $run.Directory -AdditionalEpochs 1 -Data $there -InformationAction Ignore).Run.Epochs | Should -HaveCount 3
    }

    It 'refuses a folder without a run' {
        { Resume-YoloTraining (Split-Path $data) -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
    }

    It 'does nothing with -WhatIf' {
        $option = New-TinyOption $data whatif
        $run = (New-TinyModel | Start-YoloTraining @option).Run
        Resume-YoloTraining $run.Directory -AdditionalEpochs 1 -WhatIf | Should -BeNullOrEmpty
        (Get-YoloRun $run.Directory).Epochs | Should -HaveCount 2
    }
}
