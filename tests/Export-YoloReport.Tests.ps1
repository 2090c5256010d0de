#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . (Join-Path $PSScriptRoot TinyTraining.ps1)
    $option = New-TinyOption (New-TinyDataset) a
    $model = New-TinyModel | Start-YoloTraining @option
}

Describe 'Export-YoloReport' {
    It 'writes the report of <Case>' -ForEach @(
        @{ Case = 'a run folder'; Write = { Export-YoloReport $option.OutputPath $page } }
        @{ Case = 'a trained model'; Write = { $model | Export-YoloReport -Path $page } }
        @{ Case = 'a run'; Write = { Get-YoloRun $option.OutputPath | Export-YoloReport -Path $page } }
        @{ Case = 'a measurement'; Write = { Measure-YoloModel $model $option.Data -WarningAction Ignore | Export-YoloReport -Path $page } }
    ) {
        $page = Join-Path $TestDrive "$($Case -replace ' ').html"
        (& $Write).FullName | Should -Be $page
        $text = [System.IO.File]::ReadAllText($page)
        $text | Should -BeLike '<!DOCTYPE html>*</html>*'
        $text | Should -BeLike '*id="confusion"*'
        $null = & $Write 2> $null
        [System.IO.File]::ReadAllText($page) | Should -Be $text
    }

    It 'refuses a path that is no page, and a folder without a run' {
        { Export-YoloReport $model (Join-Path $TestDrive report.pdf) -ErrorAction Stop } | Should -Throw
        { Export-YoloReport $TestDrive/data (Join-Path $TestDrive x.html) -ErrorAction Stop } | Should -Throw -ErrorId 'Training,*'
        Export-YoloReport $model (Join-Path $TestDrive y.html) -WhatIf
        Join-Path $TestDrive y.html | Should -Not -Exist
    }
}
