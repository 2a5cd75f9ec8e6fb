"""Reads a search of Outerloop as a user of MLflow does, and prints what it found as JSON. Arguments: the experiment."""

import json
import sys

import mlflow
import numpy

client = mlflow.MlflowClient()
frame = mlflow.search_runs(experiment_names=[sys.argv[1]], order_by=["attributes.start_time ASC"])
experiment = client.get_experiment_by_name(sys.argv[1])
runs = [client.get_run(run_id) for run_id in frame["run_id"]]
parent, first = runs[0], runs[1]
children = client.search_runs([experiment.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
history = client.get_metric_history(first.info.run_id, "train_loss")
model = mlflow.onnx.load_model(f"runs:/{first.info.run_id}/model")
predict = mlflow.pyfunc.load_model(f"runs:/{first.info.run_id}/model").predict
answer = predict({"x": numpy.zeros((1, 4), dtype=numpy.float32)})
print(
    json.dumps(
        {
            "names": list(frame["tags.mlflow.runName"]),
            "statuses": list(frame["status"]),
            "children": len(children),
            "losses": [[point.step, point.value] for point in history],
            "inputs": [item.dataset.name for item in first.inputs.dataset_inputs],
            "learning_rate": [run.data.params.get("search/learning_rate") for run in runs],
            "best": [point.value for point in client.get_metric_history(parent.info.run_id, "best_score")],
            "files": sorted(item.path for item in client.list_artifacts(first.info.run_id, "model")),
            "leaderboard": mlflow.artifacts.load_dict(parent.info.artifact_uri + "/leaderboard.json")["run_id"],
            "note": parent.data.tags["mlflow.note.content"],
            "opset": model.opset_import[0].version,
            "answer": [float(value) for value in list(answer.values())[0].ravel()],
            "system": [name for name in parent.data.metrics if name.startswith("system/")],
        }
    )
)
