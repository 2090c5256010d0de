#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'YoloTune.psd1'))
}

Describe 'Get-YoloDevice' {
    It 'lists the processor first' {
        $cpu = @(Get-YoloDevice)[0]
        $cpu.Name | Should -Be cpu
        $cpu.TotalMemory | Should -BeGreaterThan 1GB
        $cpu.Threads | Should -BeGreaterThan 0
    }

    It 'takes names and wildcards' {
        (Get-YoloDevice cpu).Name | Should -Be cpu
        ('c*' | Get-YoloDevice)[0].Name | Should -Be cpu
    }

    It 'has an error for a device that is not there' {
        { Get-YoloDevice cuda:99 -ErrorAction Stop } | Should -Throw -ErrorId 'Selection,*'
    }
}
