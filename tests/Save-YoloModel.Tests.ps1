#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'TinyTraining.ps1'))
    $source = (New-TinyModel | Export-YoloModel ([System.IO.Path]::Combine($TestDrive, 'source.pt'))).FullName

    # A web server in a runspace of its own: the file under any address that ends in yolov9t.pt, 404 elsewhere.
    $listener = [System.Net.HttpListener]::new()
    $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $address = "http://127.0.0.1:$($probe.LocalEndpoint.Port)"
    $probe.Stop()
    $listener.Prefixes.Add("$address/")
    $listener.Start()
    $server = [powershell]::Create().AddScript({
            param($listener, $bytes)
            while ($listener.IsListening) {
                try { $context = $listener.GetContext() } catch { return }
                if ($context.Request.Url.AbsolutePath.EndsWith('yolov9t.pt')) { $context.Response.Close($bytes, $true) }
                else { $context.Response.StatusCode = 404; $context.Response.Close() }
            }
        }).AddArgument($listener).AddArgument([System.IO.File]::ReadAllBytes($source))
    $null = $server.BeginInvoke()
    $web = @{ BaseUri = $address; NoProxy = $true; InformationAction = 'Ignore' }
}

AfterAll {
    $listener.Close()
    $server.Dispose()
}

Describe 'Save-YoloModel' {
    It 'downloads a file that can be imported' {
        $model = Save-YoloModel yolov9t $TestDrive @web | Import-YoloModel
        $model.ClassNames | Should -Be circle, square
        (Get-FileHash ([System.IO.Path]::Combine($TestDrive, 'yolov9t.pt'))).Hash | Should -Be (Get-FileHash $source).Hash
    }

    It 'returns what it is and where it came from' {
        $saved = Save-YoloModel yolov9t $TestDrive @web -Force
        $saved.Path | Should -Be ([System.IO.Path]::Combine($TestDrive, 'yolov9t.pt'))
        $saved.Sha256 | Should -Be (Get-FileHash $source).Hash
        $saved.Bytes | Should -Be (Get-Item $source).Length
        $saved.Licence | Should -Be 'AGPL-3.0'
        $saved.Source | Should -Be "$address/v8.3.0/yolov9t.pt"
    }

    It 'says what the server has not' {
        { Save-YoloModel yolov9s $TestDrive @web -ErrorAction Stop } | Should -Throw -ErrorId 'DownloadNotFound,*'
    }

    It 'throws a wrong file away' {
        { Save-YoloModel yolov9t (Join-Path $TestDrive wrong) @web -Sha256 ('0' * 64) -ErrorAction Stop } | Should -Throw -ErrorId 'DownloadChecksum,*'
        Get-ChildItem (Join-Path $TestDrive wrong) | Should -BeNullOrEmpty
    }

    It 'replaces a file only with -Force' {
        { Save-YoloModel yolov9t $TestDrive @web -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
    }

    It 'downloads nothing with -WhatIf' {
        Save-YoloModel yolov9t (Join-Path $TestDrive nothing) @web -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive nothing | Should -Not -Exist
    }

    It 'tells the licence' {
        $null = Save-YoloModel yolov9t $TestDrive -BaseUri $address -NoProxy -Force -InformationVariable told 6> $null
        "$told" | Should -BeLike '*AGPL-3.0*Enterprise*'
    }
}
