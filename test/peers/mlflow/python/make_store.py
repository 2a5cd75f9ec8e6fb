"""
Logs two runs with the fluent API to the store that STORE_URI names, with a model, its versions and a trace, and prints what
the store then holds as JSON. MLflow 2 has no logged models: there the model is among the files of its run.
"""

import json
import math
import os

import mlflow
import numpy

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
mlflow.set_tracking_uri(os.environ["STORE_URI"])
has_logged_models = not mlflow.__version__.startswith("2.")

client = mlflow.MlflowClient()
experiment = mlflow.create_experiment("lungs: a # name", artifact_location=os.environ.get("STORE_ARTIFACTS"))
with mlflow.start_run(experiment_id=experiment, run_name="outer", description="two\nlines and a rather long text " * 5):
    mlflow.log_params({"lr": 0.001, "net/channels": [16, 32]})
    for step in range(20):
        mlflow.log_metric("loss", math.nan if step == 3 else 1 / (step + 1), step=step)
    data = mlflow.data.from_numpy(numpy.zeros((2, 2)), name="zeros")
    mlflow.log_input(data, context="training")
    mlflow.log_text("hello", "notes/a.txt")
    run_id = mlflow.active_run().info.run_id
    if has_logged_models:
        model = client.create_logged_model(experiment, name="net", source_run_id=run_id, params={"depth": "3"}, model_type="segmenter")
        client.log_model_artifact(model.model_id, __file__)
        client.finalize_logged_model(model.model_id, "READY")
        client.log_outputs(run_id, [mlflow.entities.LoggedModelOutput(model.model_id, 4)])
        # the file store reads back a metric of a data set at another step
        measured_on = {} if os.environ["STORE_URI"].startswith("file:") else {"dataset": data}
        mlflow.log_metric("dice", 0.75, step=4, model_id=model.model_id, **measured_on)
        client.set_logged_model_tags(model.model_id, {"stage of work": "a: b # c"})
    else:
        mlflow.log_text("flavors: {}", "net/MLmodel")
    with mlflow.start_run(experiment_id=experiment, run_name="inner", nested=True):
        mlflow.log_metric("val/dice", 0.5, step=2)
        mlflow.set_tag("mlflow.note.content", "a: b # c")

run_uri = client.get_run(run_id).info.artifact_uri
client.create_registered_model("best net", tags={"team": "lungs"}, description="two\nlines")
for number in range(3):
    client.create_model_version(
        "best net",
        f"models:/{model.model_id}" if has_logged_models else f"{run_uri}/net",
        run_id=run_id,
        tags={"n": str(number)},
        description=f"number {number}",
        **({"model_id": model.model_id} if has_logged_models else {}),
    )
client.delete_model_version("best net", "2")
client.set_registered_model_alias("best net", "champion", "3")
if has_logged_models:
    mlflow.set_experiment(experiment_id=experiment)
    mlflow.trace(lambda x: x + 1)(1)
    mlflow.flush_trace_async_logging()

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
        "outputs": [[item.model_id, item.step] for item in run.outputs.model_outputs] if has_logged_models else [],
    }

models = {}
if has_logged_models:
    for model in client.search_logged_models(experiment_ids=[experiment]):
        models[model.model_id] = {
            "name": model.name,
            "status": str(model.status),
            "run": model.source_run_id,
            "created": model.creation_timestamp,
            "params": model.params,
            "tags": {key: text for key, text in model.tags.items() if key != "mlflow.modelVersions"},
            "metrics": [[m.key, m.value, m.timestamp, m.step, m.run_id, m.dataset_name] for m in model.metrics],
        }
registered = {
    model.name: {
        "description": model.description,
        "tags": model.tags,
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
        "created": model.creation_timestamp,
        "versions": {
            str(version.version): [version.description, version.run_id, version.tags, version.creation_timestamp, version.current_stage]
            for version in client.search_model_versions(f"name = '{model.name}'")
        },
    }
    for model in client.search_registered_models()
}
print(json.dumps({"runs": found, "models": models, "registered": registered}))
