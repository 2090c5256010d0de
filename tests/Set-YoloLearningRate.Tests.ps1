#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Set-YoloLearningRate' {
    BeforeEach { $model = New-YoloModel yolo11n -ClassName person, car }

    It 'sets the factor of <Case> and leaves the rest' -ForEach @(
        @{ Case = 'a part'; Arguments = @{ Part = 'Backbone' }; Inside = 5; Outside = 20 }
        @{ Case = 'layers'; Arguments = @{ Layer = 5, 6 }; Inside = 5; Outside = 7 }
        @{ Case = 'names'; Arguments = @{ Name = 'model.5.*' }; Inside = 5; Outside = 6 }
    ) {
        $null = $model | Set-YoloLearningRate @Arguments -Multiplier 0.25
        ($model | Get-YoloLayer $Inside).LearningRateMultiplier | Should -Be 0.25
        ($model | Get-YoloLayer $Outside).LearningRateMultiplier | Should -Be 1
        ($model | Get-YoloParameter -Layer $Inside | Select-Object -First 1).LearningRateMultiplier | Should -Be 0.25
    }

    It 'sets the factor of everything, of new items, and 0' {
        ($model | Set-YoloLearningRate -All -Multiplier 0.5 | Get-YoloLayer 10).LearningRateMultiplier | Should -Be 0.5
        ($model | Set-YoloLearningRate -Origin New -Multiplier 5 | Get-YoloLayer 0).LearningRateMultiplier | Should -Be 5
        ($model | Set-YoloLearningRate -Name model.4.* -Multiplier 0 | Get-YoloLayer 4).LearningRateMultiplier | Should -Be 0
    }

    It 'sets the factor by origin' {
        $null = $model | Copy-YoloWeights -Source (New-YoloModel yolo11n) 6> $null | Set-YoloLearningRate -Origin Transferred -Multiplier 0.1
        ($model | Get-YoloParameter model.0.conv.weight).LearningRateMultiplier | Should -Be 0.1
        ($model | Get-YoloParameter model.23.cv3.0.2.weight).LearningRateMultiplier | Should -Be 1
    }

    It 'falls from the head to the image, down to the minimum' {
        $null = $model | Set-YoloLearningRate -LayerDecay 0.5 -Minimum 0.1
        ($model | Get-YoloLayer 23, 22, 20, 0).LearningRateMultiplier | Sort-Object -Descending | Should -Be 1, 0.5, 0.125, 0.1
    }

    It 'is kept in <Name>' -ForEach @(@{ Name = 'm.safetensors' }, @{ Name = 'm.pt' }) {
        $path = Join-Path $TestDrive $Name
        $null = $model | Set-YoloLearningRate -Part Head -Multiplier 3 | Export-YoloModel -Path $path -Format $(if ($Name -like '*.pt') { 'StateDict' } else { 'SafeTensors' })
        (Import-YoloModel $path | Get-YoloLayer 23).LearningRateMultiplier | Should -Be 3
    }

    It 'touches nothing with -WhatIf' {
        $null = $model | Set-YoloLearningRate -All -Multiplier 2 -WhatIf
        ($model | Get-YoloLayer 0).LearningRateMultiplier | Should -Be 1
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a pattern that matches nothing'; Arguments = @{ Name = 'nothing*'; Multiplier = 1 } }
        @{ Case = 'a layer that does not exist'; Arguments = @{ Layer = 99; Multiplier = 1 } }
        @{ Case = 'an origin that no item has'; Arguments = @{ Origin = 'Transferred'; Multiplier = 1 } }
        @{ Case = 'a negative factor'; Arguments = @{ All = $true; Multiplier = -1 } }
        @{ Case = 'a factor that is no number'; Arguments = @{ All = $true; Multiplier = [double]::NaN } }
        @{ Case = 'a decay above 1'; Arguments = @{ LayerDecay = 1.1 } }
    ) {
        { $model | Set-YoloLearningRate @Arguments -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        ($model | Get-YoloLayer 0).LearningRateMultiplier | Should -Be 1
    }
}
