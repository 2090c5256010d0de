#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Set-YoloClass' {
    BeforeEach {
        $model = New-YoloModel yolo11n -ClassName person, car, bus -KeepClassBranch -Seed 9
        $before = New-YoloModel yolo11n -ClassName person, car, bus -KeepClassBranch -Seed 9
    }

    It 'takes the classes behind a piped model' {
        ($model | Set-YoloClass cat, dog 6> $null).ClassNames | Should -Be 'cat', 'dog'
    }

    It 'takes the classes behind a model argument' {
        (Set-YoloClass $model cat, dog 6> $null).ToString() | Should -Be 'yolo11n (2 classes)'
    }

    It 'changes nothing but the six items of the class output' {
        $null = $model | Set-YoloClass cat, dog 6> $null
        @(Compare-YoloModel $before $model | Where-Object Status -NE Equal) | Should -HaveCount 6
    }

    It 'keeps rows of equal names, and of the order asked for' {
        $null = $model | Set-YoloClass bus, person, car 6> $null
        $model.Transfer.MatchedClasses | Should -Be 3
    }

    It 'keeps rows whatever the case with -MatchClass, and warns of near misses' {
        $null = $model | Set-YoloClass Person, cars -MatchClass -WarningVariable near -WarningAction SilentlyContinue 6> $null
        $model.Transfer.MatchedClasses | Should -Be 1
        "$near" | Should -BeLike "*cars*'car'*"
    }

    It 'keeps mapped rows' {
        $null = $model | Set-YoloClass automobile, drone -ClassMap @{ automobile = 'car' } 6> $null
        $model.Transfer.MatchedClasses | Should -Be 1
    }

    It 'touches nothing with -WhatIf' {
        ($model | Set-YoloClass cat -WhatIf).ClassNames | Should -Be 'person', 'car', 'bus'
    }

    It 'refuses <Case> and leaves the model as it was' -ForEach @(
        @{ Case = 'a name twice'; Arguments = @{ Name = 'cat', 'cat' } }
        @{ Case = 'a map to a class that does not exist'; Arguments = @{ Name = 'cat'; ClassMap = @{ cat = 'unicorn' } } }
    ) {
        { $model | Set-YoloClass @Arguments -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
        $model.ClassNames | Should -Be 'person', 'car', 'bus'
    }
}
