@echo off
rem Runs Outerloop with the Node that the project brings, whatever Node the machine has.
setlocal
set "root=%~dp0.."
set "node=%root%\node_modules\.bin\node.cmd"
if not exist "%node%" (
  echo outerloop: %node% is missing: run "npm ci" in %root% first 1>&2
  exit /b 1
)
call "%node%" "%root%\main\cli\start.js" %*
exit /b %errorlevel%
