#!/usr/bin/env bash
# Goes on training from models/model.pt.
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
exec "$OUTERLOOP" train -m "$MMAR_ROOT" -c config/config_train.json -e config/environment.json -l resources/log.config \
  --write_train_stats --set print_conf=True dont_load_ckpt_model=False "$@"
