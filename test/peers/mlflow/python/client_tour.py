"""
What users of MLflow do, with the real client, fluent API and ONNX flavour, against the server of MLFLOW_TRACKING_URI.
Prints what it saw as one line of JSON; asserts what only Python can see.
"""

import json
import math
import os
import pathlib
import sys
import tempfile

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

seen = {}
client = MlflowClient()

# the fluent API
mlflow.set_experiment("fluent")
with mlflow.start_run(run_name="parent", tags={"kind": "search"}) as parent:
    mlflow.log_params({"lr": 0.1, "layers": [1, 2]})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.5, "nan": float("nan"), "inf": float("inf")}, step=3)
    mlflow.set_tag("mlflow.note.content", "# note")
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.log_param("lr", 0.2)
    data = mlflow.data.from_pandas(pd.DataFrame({"x": [1.0, 2.0]}), name="frame", source="memory")
    mlflow.log_input(data, context="training")
    mlflow.log_text("hello", "notes/a.txt")
    mlflow.log_dict({"a": 1}, "notes/b.json")
    mlflow.log_table({"x": [1, 2]}, "table.json")
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "sub").mkdir()
    pathlib.Path(folder, "sub", "deep.bin").write_bytes(bytes(range(256)) * 1000)
    with mlflow.start_run(run_id=parent.info.run_id):
        mlflow.log_artifacts(folder, "files")
    fetched = mlflow.artifacts.download_artifacts(run_id=parent.info.run_id, artifact_path="files", dst_path=folder + "/back")
    assert pathlib.Path(fetched, "sub", "deep.bin").read_bytes() == bytes(range(256)) * 1000
run = mlflow.get_run(parent.info.run_id)
assert run.data.params == {"lr": "0.1", "layers": "[1, 2]"}
assert math.isnan(run.data.metrics["nan"]) and run.data.metrics["inf"] > 1e308
assert run.inputs.dataset_inputs[0].dataset.name == "frame"
assert mlflow.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
assert mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/a.txt") == "hello"
seen["artifacts"] = sorted(f.path for f in client.list_artifacts(parent.info.run_id))
seen["history"] = [m.value for m in client.get_metric_history(parent.info.run_id, "loss")]
frame = mlflow.search_runs(experiment_names=["fluent"], filter_string="metrics.loss < 0.5 and params.lr = '0.1'")
seen["found"] = frame["run_id"].tolist() == [parent.info.run_id]
assert len(mlflow.search_runs(search_all_experiments=True)) == 2

# the client
experiment = client.create_experiment("client", tags={"team": "a"})
many = [client.create_run(experiment, run_name=f"r{i}", start_time=i) for i in range(12)]
for i, one in enumerate(many):
    client.log_batch(
        one.info.run_id,
        metrics=[Metric("m", i + s / 10, s, s) for s in range(50)],
        params=[Param("i", str(i))],
        tags=[RunTag("even", str(i % 2 == 0))],
    )
page = client.search_runs([experiment], "tags.even = 'True'", max_results=4, order_by=["metrics.m DESC"])
rest = client.search_runs([experiment], "tags.even = 'True'", max_results=4, order_by=["metrics.m DESC"], page_token=page.token)
seen["pages"] = [r.data.params["i"] for r in [*page, *rest]]
client.delete_run(many[0].info.run_id)
seen["active"] = len(client.search_runs([experiment], max_results=100))
seen["deleted"] = len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY))
client.restore_run(many[0].info.run_id)
client.set_terminated(many[1].info.run_id, "KILLED", 99)
assert client.get_run(many[1].info.run_id).info.status == "KILLED"
for wrong in (
    lambda: client.log_param(many[2].info.run_id, "i", "other"),
    lambda: client.log_metric(many[2].info.run_id, "bad?name", 1),
    lambda: client.get_run("nobody"),
    lambda: client.search_runs([experiment], "colour = 'red'"),
    lambda: client.create_experiment("client"),
):
    try:
        wrong()
        raise SystemExit("was accepted")
    except MlflowException as error:
        seen.setdefault("errors", []).append(error.error_code)
client.delete_experiment(experiment)
assert client.get_experiment(experiment).lifecycle_stage == "deleted"
client.restore_experiment(experiment)

# a model in ONNX, logged, registered, loaded and run
import onnx
from onnx import TensorProto, helper

graph = helper.make_graph(
    [helper.make_node("Mul", ["x", "two"], ["y"])],
    "double",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
    [helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
with mlflow.start_run(run_name="onnx") as onnx_run:
    info = mlflow.onnx.log_model(model, name="net", registered_model_name="double", pip_requirements=["onnx"])
    mlflow.log_metric("dice", 0.9, step=1, model_id=info.model_id)
loaded = mlflow.onnx.load_model(info.model_uri)
onnx.checker.check_model(loaded)
predicted = mlflow.pyfunc.load_model("models:/double/1").predict(np.array([1.5, 2.0], dtype=np.float32))
seen["predicted"] = [float(v) for v in next(iter(predicted.values())) if True]
logged = mlflow.get_logged_model(info.model_id)
assert logged.status == "READY" and logged.metrics[0].value == 0.9
assert [m.model_id for m in client.get_run(onnx_run.info.run_id).outputs.model_outputs] == [info.model_id]
found = mlflow.search_logged_models(experiment_ids=[onnx_run.info.experiment_id], filter_string="metrics.dice > 0.5", output_format="list")
seen["models"] = [m.name for m in found]
client.set_registered_model_alias("double", "champion", "1")
assert client.get_model_version_by_alias("double", "champion").version == "1"
client.copy_model_version("models:/double/1", "copied")
seen["registered"] = sorted(m.name for m in client.search_registered_models())
print(json.dumps(seen))
