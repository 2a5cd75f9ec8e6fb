"""Logs two runs with the fluent API to the store that MLFLOW_TRACKING_URI names, and prints what it then holds as JSON."""

import json
import math
import os

import mlflow
import numpy

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
mlflow.set_tracking_uri(os.environ["STORE_URI"])
experiment = mlflow.create_experiment("lungs: a # name", artifact_location=os.environ.get("STORE_ARTIFACTS"))
with mlflow.start_run(experiment_id=experiment, run_name="outer", description="two\nlines and a rather long text " * 5):
    mlflow.log_params({"lr": 0.001, "net/channels": [16, 32]})
    for step in range(20):
        mlflow.log_metric("loss", math.nan if step == 3 else 1 / (step + 1), step=step)
    data = mlflow.data.from_numpy(numpy.zeros((2, 2)), name="zeros")
    mlflow.log_input(data, context="training")
    mlflow.log_text("hello", "notes/a.txt")
    with mlflow.start_run(experiment_id=experiment, run_name="inner", nested=True):
        mlflow.log_metric("val/dice", 0.5, step=2)
        mlflow.set_tag("mlflow.note.content", "a: b # c")

client = mlflow.MlflowClient()
found = {}
for run in client.search_runs([experiment]):
    found[run.info.run_id] = {
        "name": run.info.run_name,
        "status": run.info.status,
        "start": run.info.start_time,
        "end": run.info.end_time,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {
            key: [
                [point.timestamp, point.step, "NaN" if math.isnan(point.value) else point.value]
                for point in client.get_metric_history(run.info.run_id, key)
            ]
            for key in run.data.metrics
        },
        "datasets": [[item.dataset.name, item.dataset.digest] for item in run.inputs.dataset_inputs],
    }
print(json.dumps({"runs": found}))
