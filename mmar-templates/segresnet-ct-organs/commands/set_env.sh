#!/usr/bin/env bash
# Where this MMAR is, and which program runs it. Sourced by the other commands.
MMAR_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export MMAR_ROOT
OUTERLOOP="${OUTERLOOP:-outerloop}"
if ! command -v "$OUTERLOOP" >/dev/null 2>&1; then
  echo "The program 'outerloop' is not on the PATH." >&2
  echo "Set OUTERLOOP to it, for example: export OUTERLOOP=/opt/outerloop/bin/outerloop" >&2
  exit 127
fi
export OUTERLOOP
