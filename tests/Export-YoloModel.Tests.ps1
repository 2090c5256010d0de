#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $model = New-YoloModel yolo11n -ClassName cat, dog
}

Describe 'Export-YoloModel' {
    It 'writes a file and returns it' {
        $path = Join-Path $TestDrive 'a.safetensors'
        ($model | Export-YoloModel $path).FullName | Should -Be $path
        $path | Should -Exist
    }

    It 'takes the model as the first argument' {
        (Export-YoloModel $model (Join-Path $TestDrive 'b.pt')).Name | Should -Be b.pt
    }

    It 'does not replace a file without -Force' {
        $path = Join-Path $TestDrive 'c.pt'
        Set-Content $path 'mine'
        { $model | Export-YoloModel $path -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content $path | Should -Be mine
        $model | Export-YoloModel $path -Force | Should -Not -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'd.pt'
        $model | Export-YoloModel $path -WhatIf | Should -BeNullOrEmpty
        $path | Should -Not -Exist
    }

    It 'writes half the size with -Half and leaves the model as it is' {
        $whole = $model | Export-YoloModel (Join-Path $TestDrive 'e.safetensors')
        $half = $model | Export-YoloModel (Join-Path $TestDrive 'f.safetensors') -Half
        $half.Length | Should -BeLessThan ($whole.Length * 0.6)
        ($model | Get-YoloParameter model.0.conv.weight).DataType | Should -Be Float32
    }

    It 'leaves no half-written file where it cannot write' {
        { $model | Export-YoloModel (Join-Path $TestDrive 'none/g.pt') -ErrorAction Stop } | Should -Throw
        Get-ChildItem $TestDrive -Filter '*g.pt*' | Should -BeNullOrEmpty
    }

    It 'writes a .pt that comes back equal' {
        $path = Join-Path $TestDrive 'h.pt'
        $null = $model | Export-YoloModel $path
        Compare-YoloModel $model (Import-YoloModel $path) | Where-Object Status -NE Equal | Should -BeNullOrEmpty
    }

    It 'writes an .onnx file that finds what the model finds' {
        $null = New-YoloSampleDataset (Join-Path $TestDrive data) -Count 6 -ClassName cat, dog -Seed 1
        $images = Join-Path $TestDrive 'data/images/val'
        $path = Join-Path $TestDrive 'i [1].onnx'
        $null = $model | Export-YoloModel $path -Dynamic
        $expected = Invoke-YoloPrediction $model $images -ImageSize 96 -Confidence 0.001
        $found = Invoke-YoloPrediction $path $images -ImageSize 96 -Confidence 0.001
        $found.Count | Should -Be $expected.Count
        (Measure-YoloModel $path (Join-Path $TestDrive 'data/data.yaml') -ImageSize 96).Images | Should -BeGreaterThan 0
    }

    It 'refuses an option of ONNX for another format' {
        { $model | Export-YoloModel (Join-Path $TestDrive 'j.pt') -Dynamic -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }

    It 'gives rows of boxes with -EmbedNms and refuses it for classifiers' {
        (Export-YoloModel $model (Join-Path $TestDrive 'k.onnx') -ImageSize 64 -EmbedNms).Length | Should -BeGreaterThan 0
        $classifier = New-YoloModel yolo11n-cls -ClassName cat, dog
        { $classifier | Export-YoloModel (Join-Path $TestDrive 'l.onnx') -EmbedNms -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
