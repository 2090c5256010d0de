#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $option = New-TinyOption (New-TinyDataset) a
    $model = New-TinyModel | Start-YoloTraining @option
    $run = Join-Path $TestDrive runs a
}

Describe 'Show-YoloRun' {
    It 'sums a run up' {
        $shown = Show-YoloRun $run
        $shown.Epochs.Epoch | Should -Be 1, 2
        $shown.Best.Epoch | Should -BeIn 1, 2
        $shown.LossCurve.Length | Should -Be 2
        $shown.BestWeights | Should -Exist
        $shown.Picture | Should -BeNullOrEmpty
    }

    It 'shows options, epochs and curves within 100 columns and without colour when redirected' {
        $text = Show-YoloRun $run | Out-String -Width 100
        $text | Should -BeLike '*imgsz=64*'
        $text | Should -BeLike '*2 of 2 epochs*'
        $text | Should -BeLike '*best.pt*'
        $text | Should -BeLike '*  best*'
        $text | Should -Match 'loss      [▁▂▃▄▅▆▇█]{2}'
        ($text -split '\r?\n' | Where-Object { $_ -notlike "*$TestDrive*" } | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'takes a trained model and a run from the pipeline' {
        ($model | Show-YoloRun).Name | Should -Be a
        (Get-YoloRun $run | Show-YoloRun).Name | Should -Be a
    }

    It 'takes the newest run where none is named' {
        $newer = Join-Path $TestDrive runs newer
        Copy-Item $run $newer -Recurse
        (Get-Item $newer).LastWriteTimeUtc = [datetime]::UtcNow.AddHours(1)
        Push-Location $TestDrive
        try { (Show-YoloRun).Name | Should -Be newer } finally { Pop-Location }
    }

    It 'refuses a folder without a run' {
        { Show-YoloRun (Join-Path $TestDrive data) -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
    }

    It 'refuses to open a picture that is not there' {
        { Show-YoloRun $run -Open -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
    }
}
