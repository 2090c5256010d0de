#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Set-YoloFreeze' {
    BeforeEach { $model = New-YoloModel yolo11n -ClassName person, car }

    It 'freezes the first layers' {
        $null = $model | Set-YoloFreeze -First 10
        ($model | Get-YoloLayer | Where-Object Frozen -EQ All).Index | Should -Be (0..9)
    }

    It 'freezes layers, parts and names' {
        ($model | Set-YoloFreeze -Layer 0, 2 | Get-YoloLayer | Where-Object Frozen -EQ All).Index | Should -Be 0, 2
        ($model | Set-YoloFreeze -Part Head | Get-YoloLayer | Where-Object Frozen -EQ All).Index | Should -Be 23
        ($model | Set-YoloFreeze -Name model.23.cv2.* | Get-YoloLayer 23).Frozen | Should -Be Some
    }

    It 'replaces what was frozen, or adds to it with -Append' {
        $null = $model | Set-YoloFreeze -Layer 0 | Set-YoloFreeze -Layer 1
        ($model | Get-YoloLayer 0).Frozen | Should -Be None
        $null = $model | Set-YoloFreeze -Layer 0 -Append
        ($model | Get-YoloLayer 0, 1).Frozen | Should -Be 'All', 'All'
    }

    It 'freezes everything and frees everything' {
        ($model | Set-YoloFreeze -All).TrainableParameterCount | Should -Be 0
        $layers = $model | Set-YoloFreeze -None | Get-YoloLayer | Where-Object Parameters -GT 0
        $layers.Frozen | Select-Object -Unique | Should -Be None
    }

    It 'keeps the statistics of frozen BatchNorms unless they shall learn' {
        $null = $model | Set-YoloFreeze -First 1
        ($model | Get-YoloParameter model.0.bn.running_mean).Frozen | Should -BeTrue
        $null = $model | Set-YoloFreeze -First 1 -TrainBatchNorm
        ($model | Get-YoloParameter model.0.bn.running_mean).Frozen | Should -BeFalse
    }

    It 'leaves the rows of a class trainable' {
        $null = $model | Set-YoloFreeze -All -ExceptClass car
        ($model | Get-YoloParameter -Trainable).Name | Should -BeLike 'model.23.cv3.*.2.*'
        $model.TrainableClasses | Should -Be 1
    }

    It 'warns when new items are frozen after a transfer' {
        $source = New-YoloModel yolo11n -ClassCount 80
        $null = $model | Copy-YoloWeights -Source $source 6> $null |
            Set-YoloFreeze -Part Head -WarningVariable told -WarningAction SilentlyContinue
        "$told" | Should -BeLike '*new, not transferred*'
    }

    It 'touches nothing with -WhatIf' {
        ($model | Set-YoloFreeze -All -WhatIf).TrainableParameterCount | Should -BeGreaterThan 0
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a pattern that matches nothing'; Arguments = @{ Name = 'nothing*' } }
        @{ Case = 'a layer that does not exist'; Arguments = @{ Layer = 99 } }
        @{ Case = 'an origin that no item has'; Arguments = @{ Origin = 'Transferred' } }
        @{ Case = 'a class that does not exist'; Arguments = @{ All = $true; ExceptClass = 'unicorn' } }
    ) {
        { $model | Set-YoloFreeze @Arguments -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $model.TrainableParameterCount | Should -BeGreaterThan 0
    }
}
