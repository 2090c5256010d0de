#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $model = New-YoloModel yolo11n -ClassCount 3
}

Describe 'Get-YoloLayer' {
    It 'lists all layers in their order' {
        ($model | Get-YoloLayer).Index | Should -Be (0..23)
    }

    It 'takes an index behind a piped model and behind a model argument' {
        ($model | Get-YoloLayer 9).Type | Should -Be SPPF
        (Get-YoloLayer $model 9, 23).Type | Should -Be 'SPPF', 'Detect'
    }

    It 'takes the model from a property' {
        ([pscustomobject]@{ Model = $model } | Get-YoloLayer 23).Part | Should -Be Head
    }

    It 'filters by part and type together' {
        ($model | Get-YoloLayer -Part Neck -Type Con*).Type | Select-Object -Unique | Should -Be 'Concat', 'Conv'
    }

    It 'tells what is frozen, live' {
        $layer = $model | Get-YoloLayer 0
        $layer.Frozen | Should -Be None
        $null = $model | Set-YoloFreeze -First 1
        $layer.Frozen | Should -Be All
        $null = $model | Set-YoloFreeze -None
    }

    It 'has an error for an index that does not exist and lists the others' {
        Get-YoloLayer $model 0, 99 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Selection,*'
    }

    It 'has an error for a type that fits no layer' {
        { $model | Get-YoloLayer -Type Transformer* -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
