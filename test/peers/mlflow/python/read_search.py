"""Reads a search of Outerloop as a user of MLflow does, and prints what it found as JSON. Arguments: the experiment."""

import json
import sys

import mlflow
import numpy
from mlflow.models import get_model_info

client = mlflow.MlflowClient()
frame = mlflow.search_runs(experiment_names=[sys.argv[1]], order_by=["attributes.start_time ASC"])
experiment = client.get_experiment_by_name(sys.argv[1])
runs = [client.get_run(run_id) for run_id in frame["run_id"]]
parent, first = runs[0], runs[1]
children = client.search_runs([experiment.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
history = client.get_metric_history(first.info.run_id, "train_loss")

# the model: by its run, by its own id, and as a version of a registered model
logged = mlflow.search_logged_models(experiment_ids=[experiment.experiment_id], filter_string="metrics.score >= 0.5", output_format="list")
[of_model] = logged
version = mlflow.register_model(of_model.model_uri, "best net")
uris = [f"runs:/{first.info.run_id}/model", of_model.model_uri, f"models:/best net/{version.version}"]
opsets = [mlflow.onnx.load_model(uri).opset_import[0].version for uri in uris]
answers = [mlflow.pyfunc.load_model(uri).predict({"x": numpy.zeros((1, 4), dtype=numpy.float32)}) for uri in uris]
try:
    mlflow.pyfunc.load_model(uris[0]).predict({"x": numpy.zeros((1, 5), dtype=numpy.float32)})
    enforced = False
except mlflow.exceptions.MlflowException as error:
    enforced = "shape" in str(error)
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
            "opsets": opsets,
            "answers": [[float(value) for value in list(answer.values())[0].ravel()] for answer in answers],
            "enforced": enforced,
            "model": {
                "name": of_model.name,
                "status": str(of_model.status),
                "run": of_model.source_run_id == first.info.run_id,
                "outputs": [[item.model_id == of_model.model_id, item.step] for item in first.outputs.model_outputs],
                "params": of_model.params,
                "metrics": sorted([item.key, item.value, item.step, item.dataset_name] for item in of_model.metrics),
                "signature": get_model_info(of_model.model_uri).signature.to_dict(),
                "id": get_model_info(uris[0]).model_id == of_model.model_id,
            },
            "system": [name for name in parent.data.metrics if name.startswith("system/")],
        }
    )
)
