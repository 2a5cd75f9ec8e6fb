#!/usr/bin/env bash
# Searches. The first word names the run, further ones are settings: automl.sh first workers=0:0
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
run_id="${1:-run}"
[ "$#" -gt 0 ] && shift
exec "$OUTERLOOP" automl -m "$MMAR_ROOT" --set run_id="$run_id" trainconf=config_train.json "$@"
