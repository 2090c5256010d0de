#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

Describe 'Importing YoloTune' {
    BeforeAll {
        $manifest = Join-Path $PSScriptRoot '../YoloTune.psd1' -Resolve
        Import-Module $manifest
        $count = (Get-Module YoloTune).ExportedCmdlets.Count
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest $manifest).ExportedCmdlets.Keys | Should -HaveCount $count
    }

    It 'keeps its cmdlets when imported again with -Force' {
        Import-Module $manifest -Force
        (Get-Module YoloTune).ExportedCmdlets.Count | Should -Be $count
        Get-YoloDevice cpu | Should -Not -BeNullOrEmpty
    }

    It 'keeps its cmdlets when removed and imported' {
        Remove-Module YoloTune
        Import-Module $manifest
        Get-YoloDevice cpu | Should -Not -BeNullOrEmpty
    }

    It 'exports nothing but cmdlets' {
        $module = Get-Module YoloTune
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'loads no native library before a cmdlet needs one' -Skip:(-not $IsLinux) {
        # As a .NET tool, PowerShell is a library that dotnet runs.
        $program = [Environment]::ProcessPath
        $library = @(if ((Split-Path $program -LeafBase) -eq 'dotnet') { Join-Path $PSHOME pwsh.dll })
        $command = "Import-Module '$manifest'; @(Get-Content /proc/self/maps | Select-String 'torch|Skia' | Select-String '\.so').Count"
        & $program @library -NoProfile -Command $command | Should -Be 0
    }
}
