#!/usr/bin/env bash
# Segments the cases under the key test; results go to eval/.
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
exec "$OUTERLOOP" evaluate -m "$MMAR_ROOT" -c config/config_inference.json -e config/environment.json -l resources/log.config \
  --set print_conf=True dont_load_ckpt_model=False dont_load_ts_model=True "$@"
