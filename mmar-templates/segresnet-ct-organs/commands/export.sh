#!/usr/bin/env bash
# Writes models/model.onnx from models/model.pt.
set -e
. "$(dirname "${BASH_SOURCE[0]}")/set_env.sh"
exec "$OUTERLOOP" export -m "$MMAR_ROOT" -c config/config_train.json -e config/environment.json \
  --model_path models/model.pt --output_path models/model.onnx "$@"
