"""
Points MLflow's own tests at our server: a pytest plugin for a checkout of MLflow's repository.

The tests start their server with names of their own modules. Once a module is collected, these names are replaced:
what would set up MLflow's stores notes where artifacts go, what would start MLflow's server starts ours on a store of
its own. Tests of parts that our server does not have are skipped with the reason in skipped.json.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

HERE = pathlib.Path(__file__).parent
NODE = os.environ.get("OUTERLOOP_NODE", "node")
SKIPPED = {
    test: reason
    for reason, tests in json.loads((HERE / "skipped.json").read_text()).items()
    for test in tests
}

@contextlib.contextmanager
def _serve(port=0, artifact_root="mlflow-artifacts:/", artifact_folder=None, database=None):
    folder = tempfile.mkdtemp(prefix="outerloop-upstream-")
    if artifact_folder is not None:
        os.makedirs(artifact_folder, exist_ok=True)
        os.symlink(artifact_folder, os.path.join(folder, "artifacts"))
    if database is not None:
        os.symlink(database, os.path.join(folder, "mlflow.db"))
    command = [NODE, str(HERE / "serve.ts"), folder, artifact_root, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _set_up_nothing(*_, **__):
    """Our server sets its store up itself, and keeps artifacts in it: not in the folder that a test names."""


class _ServerThread:
    def __init__(self, _app, port):
        self.context = _serve(port)

    def __enter__(self):
        return self.context.__enter__()

    def __exit__(self, *error):
        return self.context.__exit__(*error)


@contextlib.contextmanager
def _init_server(*_, **__):
    with _serve() as url:
        yield url


@contextlib.contextmanager
def _launch_server(_host, port, backend_store_uri, default_artifact_root, artifacts_destination):
    database = backend_store_uri.removeprefix("sqlite:///")
    with _serve(port, default_artifact_root, artifacts_destination, database) as url:
        yield url


REPLACED = {
    "initialize_backend_stores": _set_up_nothing,
    "ServerThread": _ServerThread,
    "_init_server": _init_server,
    "_launch_server": _launch_server,
}


def pytest_collection_modifyitems(items):
    for item in items:
        for name, replacement in REPLACED.items():
            if hasattr(item.module, name):
                setattr(item.module, name, replacement)
        test = getattr(item, "originalname", item.name)
        reason = SKIPPED.get(item.name) or SKIPPED.get(test)
        if reason is not None:
            item.add_marker(pytest.mark.skip(reason=f"outerloop: {reason}"))
