"""All that the real MLflow sees behind MLFLOW_TRACKING_URI, as one line of JSON: runs, histories, models, files."""

import hashlib
import json
import pathlib
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient()


def as_text(number):
    return repr(float(number))


def describe_files(uri):
    with tempfile.TemporaryDirectory() as folder:
        try:
            mlflow.artifacts.download_artifacts(uri, dst_path=folder)
        except Exception:
            return {}
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(pathlib.Path(folder).rglob("*"))
            if path.is_file()
        }


def describe_run(run):
    return {
        "info": {k: v for k, v in dict(run.info).items()},
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {k: as_text(v) for k, v in run.data.metrics.items()},
        "histories": {
            key: [[as_text(m.value), m.step, m.timestamp] for m in client.get_metric_history(run.info.run_id, key)]
            for key in run.data.metrics
        },
        "inputs": [[i.dataset.to_dictionary(), sorted((t.key, t.value) for t in i.tags)] for i in run.inputs.dataset_inputs],
        "outputs": [[o.model_id, o.step] for o in run.outputs.model_outputs],
        "files": describe_files(run.info.artifact_uri),
    }


experiments = client.search_experiments(view_type=ViewType.ALL)
ids = [e.experiment_id for e in experiments]
models = [m for i in ids for m in client.search_logged_models(experiment_ids=[i])]
print(
    json.dumps(
        {
            "experiments": {e.experiment_id: [e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.tags] for e in experiments},
            "runs": {
                r.info.run_id: describe_run(client.get_run(r.info.run_id))
                for r in client.search_runs(ids, run_view_type=ViewType.ALL, max_results=1000)
            },
            "models": {m.model_id: [m.name, str(m.status), m.params, m.tags, [[x.key, as_text(x.value), x.step] for x in m.metrics or []], describe_files(m.artifact_location)] for m in models},
            "registered": {
                m.name: [m.description, m.tags, m.aliases, sorted((int(v.version), v.source, v.run_id, v.current_stage) for v in client.search_model_versions(f"name = '{m.name}'"))]
                for m in client.search_registered_models()
            },
        },
        default=str,
        sort_keys=True,
    )
)
