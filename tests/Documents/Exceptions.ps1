# Commands in the documents that the tests do not run, with the reason. Of each it is checked that the cmdlet, script or project is there and
# knows the parameters (Find-DocumentProblem). Command is a wildcard for the command's name; Text, where given, one for the statement; and
# Document limits the exception to one document. Keep this list short.
@(
    @{ Command = 'dotnet'; Reason = 'It builds or tests the very checkout that the test runs from. The samples are run by a test of their own.' }
    @{ Command = 'samples/*.ps1'; Reason = 'Written for the root of the checkout. The samples are run by a test of their own.' }
    @{ Command = 'Import-Module'; Reason = 'Written for the root of the checkout. The test has the module imported from there.' }
    @{ Command = '*build.ps1'; Reason = 'It builds or tests the very checkout that the test runs from.' }
    @{ Command = './build/*.ps1'; Reason = 'It rewrites files of the checkout.' }
    @{ Command = '*-PSResource*'; Document = 'docs/INSTALL.md'; Reason = 'It changes what is installed on the machine.' }
    @{ Command = 'Show-YoloRun'; Text = '*-Open*'; Document = 'docs/en-US/Show-YoloRun.md'; Reason = 'It opens a window.' }
)
