#!/usr/bin/env bash
# One job of a search, in the job's own MMAR. Replace the last line to train with another program: it must write
# models/train_stats.json with best_metric.
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
rm -rf "$MMAR_ROOT/eval"
exec "$OUTERLOOP" train -m "$MMAR_ROOT" -c config/config_train.json -e config/environment.json \
  --write_train_stats --set print_conf=True
