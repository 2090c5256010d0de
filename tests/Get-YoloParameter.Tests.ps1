#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $model = New-YoloModel yolo11n -ClassCount 3
}

Describe 'Get-YoloParameter' {
    It 'lists every state-dict item' {
        @($model | Get-YoloParameter) | Should -HaveCount 499
    }

    It 'takes wildcards' {
        ($model | Get-YoloParameter *.cv3.0.2.*).Name | Should -Be 'model.23.cv3.0.2.weight', 'model.23.cv3.0.2.bias'
    }

    It 'lists buffers alone' {
        $model | Get-YoloParameter -Buffer | ForEach-Object IsBuffer | Select-Object -Unique | Should -BeTrue
    }

    It 'counts as many trainable values as the model' {
        ($model | Get-YoloParameter -Trainable | Measure-Object Count -Sum).Sum | Should -Be $model.TrainableParameterCount
    }

    It 'combines its filters' {
        $items = $model | Get-YoloParameter -Layer 0 -Part Backbone -Buffer
        $items.Name | Should -Be 'model.0.bn.running_mean', 'model.0.bn.running_var', 'model.0.bn.num_batches_tracked'
        $model | Get-YoloParameter -Layer 0 -Part Head | Should -BeNullOrEmpty
    }

    It 'has an error for a name that fits nothing' {
        { $model | Get-YoloParameter conv* -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
