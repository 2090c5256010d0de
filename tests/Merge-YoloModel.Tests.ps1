#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'TinyTraining.ps1'))
    $first = New-TinyModel
    $definition = [System.IO.Path]::Combine($TestDrive, 'tiny.yaml')
    $second = New-YoloModel $definition -ClassName circle, square -Seed 1
    function Get-Value($model, [string] $name) { , $model.Item($name).Tensor.data[float]().ToArray() }
}

Describe 'Merge-YoloModel' {
    It 'returns the weighted mean of each value' {
        $mean = Merge-YoloModel $first, $second -Weight 1, 3 -WarningAction Ignore
        $mean | Should -BeOfType YoloTune.Models.YoloModel
        $a, $b, $found = $first, $second, $mean | ForEach-Object { , (Get-Value $_ model.0.conv.weight) }
        # Values are rounded to single precision once.
        foreach ($i in 0, 5, 100) { [Math]::Abs(0.25 * $a[$i] + 0.75 * $b[$i] - $found[$i]) | Should -BeLessThan 1e-8 }
    }

    It 'leaves its models as they were, and equal ones equal' {
        $before = Get-Value $first model.0.conv.weight
        $mean = $first, $first, $first | Merge-YoloModel -WarningAction Ignore
        Compare-YoloModel $first $mean | ForEach-Object Status | Select-Object -Unique | Should -Be Equal
        (Get-Value $first model.0.conv.weight) -join ' ' | Should -Be ($before -join ' ')
    }

    It 'takes class rows by name' {
        $other = New-YoloModel $definition -ClassName star, circle -Seed 2
        $mean = Merge-YoloModel $first, $other -WarningAction Ignore
        $mean.ClassNames | Should -Be star, circle
        $name = ($other.Items | Where-Object { $_.HasClassRows -and $_.Name -like '*.bias' })[0].Name
        $a, $b, $found = $first, $other, $mean | ForEach-Object { , (Get-Value $_ $name) }
        $found[0] | Should -Be $b[0]
        [Math]::Abs(($a[0] + $b[1]) / 2 - $found[1]) | Should -BeLessThan 1e-6
    }

    It 'estimates BatchNorm statistics from images, and says where it does not' {
        $data = New-TinyDataset
        $plain = Merge-YoloModel $first, $second -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*-Data*'
        $estimated = Merge-YoloModel $first, $second -Data $data -ImageSize 64 -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        Compare-YoloModel $plain $estimated | Where-Object Status -EQ Changed | ForEach-Object { $_.Name.Split('.')[-1] } |
            Sort-Object -Unique | Should -Be num_batches_tracked, running_mean, running_var
    }

    It 'measures the line between a model and what became of it' {
        $data = New-TinyDataset
        $tuned = $second | Add-YoloClass star
        $curve = Merge-YoloModel $tuned -Original $first -Data $data -OldData $data -Weight 0, 0.5, 1 -ImageSize 64
        $curve.Weight | Should -Be 0, 0.5, 1
        $curve[1].Model.ClassNames | Should -Be circle, square, star
        $curve[2].NewMAP | Should -Be ($tuned | Measure-YoloModel $data -ImageSize 64 -Class circle, square).MAP
        $curve[0].OldMAP | Should -Be ($first | Measure-YoloModel $data -ImageSize 64).MAP
    }

    It 'refuses what has no mean: <Case>' -TestCases @(
        @{ Case = 'one model'; Expected = '*several models*'; Do = { Merge-YoloModel $first } }
        @{ Case = 'other architectures'; Expected = '*different architectures*'; Do = { Merge-YoloModel $first, (New-YoloModel yolo11n) } }
        @{ Case = 'too few weights'; Expected = '*1 weight was given for 2 models*'; Do = { Merge-YoloModel $first, $second -Weight 1 } }
        @{ Case = 'negative weights'; Expected = '*0 or more*'; Do = { Merge-YoloModel $first, $second -Weight 2, -1 } }
        @{ Case = 'a fraction above 1'; Expected = '*from 0 to 1*'; Do = { Merge-YoloModel $first -Original $second -Data . -Weight 1.5 } }
    ) {
        $Do | Should -Throw $Expected
    }
}
