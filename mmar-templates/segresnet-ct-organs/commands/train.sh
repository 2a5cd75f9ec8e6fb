#!/usr/bin/env bash
# Trains with config_train.json. Further settings: train.sh epochs=50 learning_rate=0.0005
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
exec "$OUTERLOOP" train -m "$MMAR_ROOT" -c config/config_train.json -e config/environment.json -l resources/log.config \
  --write_train_stats --set print_conf=True "$@"
