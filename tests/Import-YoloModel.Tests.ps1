#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
    $model = New-YoloModel yolo11n -ClassName cat, dog -Seed 5
    $null = $model | Export-YoloModel (Join-Path $TestDrive 'model [1] ü.pt')
    $null = $model | Export-YoloModel (Join-Path $TestDrive 'model.safetensors')
    Set-Content (Join-Path $TestDrive 'text.pt') 'This is no checkpoint.'
    Set-Content (Join-Path $TestDrive 'empty.pt') '' -NoNewline
}

Describe 'Import-YoloModel' {
    It 'brings <_> back complete' -ForEach 'model [1] ü.pt', 'model.safetensors' {
        $again = Import-YoloModel (Join-Path $TestDrive $_)
        $again.Name | Should -Be yolo11n
        $again.ClassNames | Should -Be 'cat', 'dog'
        @(Compare-YoloModel $model $again | Where-Object Status -NE Equal) | Should -HaveCount 0
    }

    It 'takes files from the pipeline' {
        @(Get-ChildItem $TestDrive model* | Import-YoloModel) | Should -HaveCount 2
    }

    It 'takes wildcards' {
        @(Import-YoloModel (Join-Path $TestDrive '*.safetensors')) | Should -HaveCount 1
    }

    It 'goes on after a file that cannot be read' {
        $models = Join-Path $TestDrive 'text.pt'; $models = @($models, (Join-Path $TestDrive 'model.safetensors'))
        Import-YoloModel $models -ErrorVariable problem -ErrorAction SilentlyContinue | Should -HaveCount 1
        $problem | Should -HaveCount 1
        $problem[0].Exception.Message | Should -BeLike '*text.pt*'
    }

    It 'refuses <Name> as <Id>' -ForEach @(
        @{ Name = 'nowhere.pt'; Id = 'PathNotFound,*' }
        @{ Name = 'text.pt'; Id = 'ModelFormat,*' }
        @{ Name = 'empty.pt'; Id = 'ModelFormat,*' }
    ) {
        { Import-YoloModel (Join-Path $TestDrive $Name) -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'refuses class names of the wrong number' {
        { Import-YoloModel (Join-Path $TestDrive 'model.safetensors') -ClassName a, b, c -ErrorAction Stop } |
            Should -Throw -ErrorId 'ModelFormat,*'
    }

    It 'refuses an architecture that the tensors do not fit' {
        { Import-YoloModel (Join-Path $TestDrive 'model.safetensors') -Architecture yolov8n -ErrorAction Stop } |
            Should -Throw -ErrorId 'ModelFormat,*'
    }

    It 'inspects <_> as safe, with names of its tensors' -ForEach 'model [1] ü.pt', 'model.safetensors' {
        $report = Import-YoloModel (Join-Path $TestDrive $_) -Inspect
        "$($report.Verdict)" | Should -Be Safe
        $report.Findings | Should -HaveCount 0
        ($report.Tensors | Where-Object Name -Like '*model.0.conv.weight')[0].Shape | Should -Be 16, 3, 3, 3
        "$($report.Format)" | Should -Be ($_ -like '*.pt' ? 'TorchZip' : 'SafeTensors')
        $report.Globals | Where-Object IsDangerous | Should -BeNullOrEmpty
        ($report | Format-Table | Out-String -Width 100) | Should -BeLike "*Safe*"
    }

    It 'tells what would run as objects, not as an error' {
        $bad = Join-Path $TestDrive 'bad.pkl'
        Set-Content $bad "cos`nsystem`n(S'echo hacked'`ntR." -NoNewline
        $report = Import-YoloModel $bad -Inspect -ErrorAction Stop
        "$($report.Verdict)" | Should -Be Unsafe
        $report.Findings.Name | Should -Contain os.system
        ($report.Findings | Format-Table | Out-String -Width 100) | Should -BeLike '*REDUCE*os.system*'
        { Import-YoloModel $bad -ErrorAction Stop } | Should -Throw -ErrorId 'ModelFormat,*'
    }

    It 'names task, architecture, classes and image size of a file that it inspects' {
        $report = Import-YoloModel (Join-Path $TestDrive 'model [1] ü.pt') -Inspect
        "$($report.Task) $($report.UncheckedBytes)" | Should -BeExactly 'detect 0'
        $report.Architecture | Should -Not -BeNullOrEmpty
        $report.ClassNames | Should -Not -HaveCount 0
    }

    It 'gates on a file that something was added to, and shows what' {
        $bytes = [System.IO.File]::ReadAllBytes((Join-Path $TestDrive 'model [1] ü.pt'))
        $added = Join-Path $TestDrive added.pt
        [System.IO.File]::WriteAllBytes($added, $bytes + [byte[]](1, 2, 3))
        $report = Import-YoloModel $added -Inspect
        "$($report.Verdict)" | Should -BeExactly Suspicious
        $report.Findings[0].Kind | Should -BeExactly trailing
        @(Get-Item $added | Import-YoloModel -Inspect | Where-Object Verdict -NE Safe) | Should -HaveCount 1
    }

    It 'refuses a file with a bit that turned over, by the name of its record' {
        $bytes = [System.IO.File]::ReadAllBytes((Join-Path $TestDrive 'model [1] ü.pt'))
        $bytes[[int]($bytes.Length / 2)] = $bytes[[int]($bytes.Length / 2)] -bxor 16
        $changed = Join-Path $TestDrive changed.pt
        [System.IO.File]::WriteAllBytes($changed, $bytes)
        { Import-YoloModel $changed -ErrorAction Stop } | Should -Throw '*record archive/data/*CRC-32*' -ErrorId 'ModelFormat,*'
        "$((Import-YoloModel $changed -Inspect).Verdict)" | Should -BeExactly Suspicious
    }

    It 'does not inspect what is no model file' {
        { Import-YoloModel (Join-Path $TestDrive 'text.pt') -Inspect -ErrorAction Stop } | Should -Throw -ErrorId 'ModelFormat,*'
    }

    It 'takes -Inspect or -Architecture, not both' {
        { Import-YoloModel (Join-Path $TestDrive 'model.safetensors') -Inspect -Architecture yolo11n } | Should -Throw
    }
}
