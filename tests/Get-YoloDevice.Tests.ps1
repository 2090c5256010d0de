#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

Describe 'Get-YoloDevice' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot '../YoloTune.psd1')
    }

    It 'lists the processor first' {
        $cpu = @(Get-YoloDevice)[0]
        $cpu.Name | Should -Be 'cpu'
        $cpu.TotalMemory | Should -BeGreaterThan 1GB
        $cpu.Threads | Should -BeGreaterThan 0
    }

    It 'takes names by <Kind>' -ForEach @(
        @{ Kind = 'position'; Script = { Get-YoloDevice cpu } }
        @{ Kind = 'wildcard'; Script = { Get-YoloDevice -Name c?u } }
        @{ Kind = 'value from the pipeline'; Script = { 'cpu' | Get-YoloDevice } }
        @{ Kind = 'property name'; Script = { [pscustomobject]@{ Name = 'CPU' } | Get-YoloDevice } }
    ) {
        (& $Script).Name | Should -Be 'cpu'
    }

    It 'writes an error with a stable id for a name that is not there' {
        Get-YoloDevice abacus:3 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'Selection,YoloTune.Commands.GetYoloDeviceCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'has help with examples' {
        $help = Get-Help Get-YoloDevice
        $help.Synopsis | Should -Match 'devices'
        $help.Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
